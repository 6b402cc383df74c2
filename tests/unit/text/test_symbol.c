#include "support.h"

TestSuite(symbol, .fini = probe_fini);

Test(symbol, cuts_symbol_runs_at_four_clusters)
{
    splits("super!!!!! :-) ...", "w:super s:!!!! s:! s::-) s:...");
    splits("?!?!?!?!", "s:?!?! s:?!?!");
    splits("toll😀😀😀😀😀", "w:toll s:😀😀😀😀 s:😀");
}

Test(symbol, keeps_emoji_sequences_whole)
{
    splits(
        "👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦"
        "👩"
        "‍"
        "👩"
        "‍"
        "👧"
        "‍"
        "👦",
        "s:"
        "👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍"
        "👧"
        "‍"
        "👦"
        " "
        "s:👩‍👩‍👧‍👦");
    splits("🇩🇪🇫🇷🇮🇹🇪🇸🇵🇹", "s:🇩🇪🇫🇷🇮🇹🇪🇸 s:🇵🇹");
    splits("👍🏽👍🏽👍🏽👍🏽👍🏽",
           "s:👍🏽👍🏽👍🏽👍🏽 s:👍🏽");
    splits("❤️❤️❤️❤️❤️", "s:❤️❤️❤️❤️ s:❤️");
    splits("1️⃣2️⃣3️⃣#️⃣*️⃣", "s:1️⃣2️⃣3️⃣#️⃣ s:*️⃣");
    splits("Platz 1️⃣ und 12⃣", "w:platz s:1️⃣ w:und n:1 s:2⃣");
    splits("🏴󠁧󠁢󠁥󠁮󠁧󠁿!", "s:🏴󠁧󠁢󠁥󠁮󠁧󠁿!");
    splits("ok👍", "w:ok s:👍");
}

Test(symbol, recognises_addresses)
{
    splits("Siehe https://Example.com/Pfad?x=1.", "w:siehe u:https://example.com/pfad?x=1 s:.");
    splits("(www.shop.de)", "s:( u:ww.shop.de s:)");
    splits("http:// x", "w:http s::// w:x");
    splits("xhttp://a.de", "w:xhttp s::// w:a s:. w:de");
    splits("Mail an Jörg.Müller+shop@Beispiel.de!",
           "w:mail w:an e:jörg.müller+shop@beispiel.de s:!");
    splits("..a@b.de", "s:.. e:a@b.de");
    splits("a@b", "w:a s:@ w:b");
    splits("@KundenDienst hilft", "h:@kundendienst w:hilft");
    splits("!!@a_b's", "s:!! h:@a_b s:' w:s");
    splits("a @ b @", "w:a s:@ w:b s:@");
    splits("联系a@b.cn谢谢", "c:联系 e:a@b.cn c:谢谢");
    splits("example.com", "w:example s:. w:com");
}
