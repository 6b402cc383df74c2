#include <criterion/criterion.h>

#include "io/rows.h"
#include "probe.h"

TestSuite(cp1252, .fini = probe_fini);

Test(cp1252, turns_every_byte_into_its_character)
{
    kundig__mem mem;
    kundig__buf buf;
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem_init(&mem, &allocator, 0);
    kundig__buf_init(&buf, &mem);
    kundig__cp1252_decode(&buf, "a\x80\x9F\xA0\xE4\xFF\x81z", 8);
    static const char expected[] = "a\xE2\x82\xAC\xC5\xB8\xC2\xA0\xC3\xA4\xC3\xBF\xEF\xBF\xBDz";
    cr_expect(buf.len == sizeof expected - 1 && memcmp(buf.data, expected, buf.len) == 0);
    kundig__buf_free(&buf);
}

Test(cp1252, is_suspected_where_letters_stand_beside_odd_bytes)
{
    cr_expect(kundig__cp1252_looks_like("M\xFCller ist sehr nett", 18));
    cr_expect(kundig__cp1252_looks_like("it\x92s fine", 9));
    cr_expect(kundig__cp1252_looks_like("5 \x80", 3));
    cr_expect(!kundig__cp1252_looks_like("plain", 5));
    cr_expect(!kundig__cp1252_looks_like("\x81\x8D\x8F\x90", 4));
}
