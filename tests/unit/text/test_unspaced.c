#include "support.h"

TestSuite(unspaced, .fini = probe_fini);

Test(unspaced, pairs_characters_of_scripts_without_blanks)
{
    splits("漢", "c:漢");
    splits("漢字", "c:漢字");
    splits("質が良い。", "c:質が c:が良 c:良い s:。");
    splits("abc漢字def", "w:abc c:漢字 w:def");
    splits("か\xE3\x82\x99い", "c:がい");
    splits("哈哈哈哈好", "c:哈哈 c:哈好");
    splits("哈哈哈哈", "c:哈哈");
    splits("3月", "n:3 c:月");
    splits("二〇二六", "c:二〇 c:〇二 c:二六");
    splits("ดีมาก", "c:ดีม c:มา c:าก");
    splits("กกกั", "c:กกั");
    splits("๑๒", "n:๑๒");
    splits("값이 좋다", "w:값이 w:좋다");
}
