#include "support.h"

TestSuite(word, .fini = probe_fini);

Test(word, keeps_inner_apostrophes)
{
    splits("don't don’t donʼt", "w:don't w:don't w:don't");
    splits("'tis dogs' rock'n'roll", "s:' w:tis w:dogs s:' w:rock'n'roll");
    splits("‘quoted’ it''s", "s:‘ w:quoted s:' w:it s:'' w:s");
    splits("l’été c'est", "w:l'été w:c'est");
    splits("o’", "w:o s:'");
}

Test(word, folds_words)
{
    splits("STRASSE Straße ẞ", "w:strasse w:strasse w:ss");
    splits("sooooo goooood 1111", "w:soo w:good n:1111");
    splits("cafe\xCC\x81 café CAFÉ", "w:café w:café w:café");
    splits("Ver\xC2\xADsand\xC2\xAD", "w:versand");
    splits("İstanbul", "w:i\xCC\x87stanbul");
    splits("ᾂᾂ x", "w:ἂιἂι w:x");
    splits("می\xE2\x80\x8Cخواهم", "w:می\xE2\x80\x8Cخواهم");
}
