/* The words that the rules for personal data know. All is of our own writing: common knowledge of
 * two languages, given names, cities and codes, no list of anybody's customers.
 *
 * Words stand as the view shows them: lower case, without marks, sharp s as ss. Invariant: every
 * list is in order of bytes, has one blank between words and holds none twice (a test looks);
 * asking is a binary search. */
#include "text/personal_view.h"

static const char wordlist_units[] =
    "am anrufe anrufen bpm calls cent cents chf cm customers day days degrees dollar dollars "
    "einwohner emails eur euro euros folgen followers fragen g gb gbit gbp ghz grad hour "
    "hours hrs items jahr jahre jahren kb kg km kunden kwh leute liter m mah mails mal mb "
    "mbit menschen meter metern meters mhz mile miles min mins minute minuten minutes mm "
    "monat monate monaten month months pages pct pence people percent personen pieces pixel "
    "pm points pound pounds prozent punkte punkten quid reais seconds secs seiten sekunden "
    "star stars std sterne sternen stuck stueck stunde stunden tag tage tagen tb times uhr "
    "units usd users volt watt week weeks woche wochen year years";

static const char wordlist_references[] =
    "acc account aktenzeichen artikel artikelnr artikelnummer auftrag auftragsnr "
    "auftragsnummer az bestellnr bestellnum bestellnummer bestellung bic blz booking buchung "
    "buchungsnr buchungsnummer case charge code commande confirmation contract customer ean "
    "flight flug gtin iccid id imei invoice isbn item kdnr konto kontonummer kunde kundennr "
    "kundennummer lieferschein locator model modell order ordernr paket part pedido pedidos "
    "pin pnr policy product produkt puk rechnung rechnungsnr rechnungsnummer ref reference "
    "referenz reservation sendung sendungsnr sendungsnummer serial seriennr seriennummer sku "
    "sn steuernummer tan ticket ticketnr ticketnummer tracking upc vertrag vertragsnr "
    "vertragsnummer vin vorgang vorgangsnr vorgangsnummer voucher zaehler zaehlernummer "
    "zaehlerstand zahler zahlernummer zahlerstand";

static const char wordlist_phones[] =
    "cell cellphone durchwahl dw fax faxnummer festnetz festnetznummer fon handy handynr "
    "handynumber handynummer hotline landline mob mobil mobile mobilfunknummer mobilnummer "
    "mobiltelefon phone phonenumber phones ruckruf ruckrufnummer rueckruf rueckrufnummer "
    "rufnummer sms tel telefax telefon telefonisch telefonnr telefonnumer telefonnummer "
    "telephone tlf whatsapp";

static const char wordlist_phone_verbs[] =
    "anruf anrufen call callback calling contact dial erreichbar erreichen erreicht "
    "kontaktieren melden phone reach reached ring ruckruf rueckruf ruf rufen text "
    "zuruckrufen zurueckrufen";

static const char wordlist_phone_links[] =
    "an anytime at auf back bitte dem der die home is ist lautet me mein meine mich my neue "
    "new no nr num number numbers nummer office on per please sie the to under uns unter us "
    "via von work";

static const char wordlist_cards[] =
    "amex card cardnumber credit creditcard debit debitkarte karte kartennummer kreditkarte "
    "kreditkartennummer maestro mastercard visa";

static const char wordlist_cities[] =
    "aachen augsburg bad bamberg bayreuth bergisch berlin bielefeld bochum bonn bottrop "
    "braunschweig bremen bremerhaven celle chemnitz cologne cottbus darmstadt dortmund "
    "dresden duesseldorf duisburg dusseldorf emden erfurt erlangen essen esslingen flensburg "
    "frankfurt freiburg fuerth fulda furth gelsenkirchen gera giessen goerlitz goettingen "
    "gorlitz gottingen greifswald guetersloh gutersloh hagen halle hamburg hamm hanau "
    "hannover hanover heidelberg heilbronn herne hildesheim ingolstadt jena kaiserslautern "
    "karlsruhe kassel kiel koblenz koeln koln konstanz krefeld landshut leipzig leverkusen "
    "lubeck ludwigsburg ludwigshafen luebeck lueneburg luneburg magdeburg mainz mannheim "
    "marburg moenchengladbach moers monchengladbach muelheim muenchen muenster mulheim "
    "munchen munich munster neuss neustadt nuernberg nuremberg nurnberg oberhausen offenbach "
    "oldenburg osnabruck osnabrueck paderborn passau pforzheim potsdam ravensburg "
    "recklinghausen regensburg remscheid reutlingen rosenheim rostock saarbrucken "
    "saarbruecken salzgitter schwerin siegen solingen speyer stralsund stuttgart trier "
    "tubingen tuebingen ulm villingen weimar wiesbaden wilhelmshaven witten wolfsburg worms "
    "wuerzburg wuppertal wurzburg zwickau";

static const char wordlist_place_first[] =
    "alt bad castrop east fort gross hohen klein las los markt mount neu new north saint san "
    "sankt santa south st villingen west";

static const char wordlist_street_not[] =
    "abstieg abweg allee ampersand arbeitsplatz arbeitsweg aufstieg ausstieg ausweg autobahn "
    "bahnsteig baustrasse boring bring bundesstrasse bus campingplatz catering damm "
    "dienstweg doppelplatz during ehering einbahnstrasse einstieg einzelplatz engineering "
    "fahrweg fensterplatz fussweg gangplatz gasse gehweg hearing heimweg hering hinweg instr "
    "kommunikationsweg kreisstrasse landstrasse lieferweg liegeplatz mittelweg monitoring "
    "offering ohrring ordering parkplatz parkplatze pfad platz postweg radweg rechtsweg ring "
    "ruckweg rueckweg schlafplatz schlusselring schulweg sitzplatz sparring spielplatz "
    "spielzeile spring steering stehplatz steig stellplatz str strasse string tabellenplatz "
    "tagebau timing ufer umstieg umweg vertriebsweg wasserdamm weg wiring wurfel zahlungsweg "
    "zeile zeltplatz";

static const char wordlist_address_cues[] =
    "address adresse adressen anschrift deliver delivered haus hause lieferadresse lieferung "
    "live lives living plz postal postcode postleitzahl rechnungsadresse ship shipped wohne "
    "wohnen wohnhaft wohnort wohnt wohnung zip";

static const char wordlist_street_types[] =
    "alley ave avenue blvd boulevard broadway cir circle close court cres crescent ct dr "
    "drive gardens gdns green grove highway hill hwy lane ln loop mews park parkway pkwy pl "
    "place quay rd road row sq square st street terrace trail walk way";

static const char wordlist_street_middle_not[] =
    "a an at bad best big car cars customers day days different door eur euro for gb good "
    "great hour hours i in inch man mb mile miles mins minute minutes month months more my "
    "new of on only other pack people per percent person phone piece second separate single "
    "speed star stars tb the third times usd very way week weeks year years";

static const char wordlist_rooms[] = "apartment apt flat floor haus room suite top unit wohnung";

static const char wordlist_states[] =
    "ak al ar az ca co ct dc de fl ga hi ia id il in ks ky la ma md me mi mn mo ms mt nc nd "
    "ne nh nj nm nv ny oh ok or pa ri sc sd tn tx ut va vt wa wi wv wy";

static const char wordlist_postcode_areas[] =
    "ab al b ba bb bd bh bl bn br bs bt ca cb cf ch cm co cr ct cv cw da dd de dg dh dl dn "
    "dt dy e ec eh en ex fk fy g gl gu gy ha hd hg hp hr hs hu hx ig im ip iv je ka kt kw ky "
    "l la ld le ll ln ls lu m me mk ml n ne ng nn np nr nw ol ox pa pe ph pl po pr rg rh rm "
    "s sa se sg sk sl sm sn so sp sr ss st sw sy ta td tf tn tq tr ts tw ub w wa wc wd wf wn "
    "wr ws wv yo ze";

static const char wordlist_particles[] =
    "abu af al ben bin da dalla das de degli del della den der des di do dos du el ibn la le "
    "st ten ter van vom von zu zum zur";

static const char wordlist_titles[] =
    "dipl doktor dr frau habil herr herrn ing jur mag med miss mr mrs ms nat phd prof "
    "professor rer";

static const char wordlist_given[] =
    "aaron abdul abdullah abigail achim ada adam adele adelheid adem adrian agnes ahmad "
    "ahmed ahmet aileen aisha ajay alan albert albrecht alejandro alessandro alex alexa "
    "alexander alexandra alexandre alexis alfons alfred ali alice alicia alina aline alison "
    "allison alma alois alwin amanda amelia amelie amina amir amit amy ana anastasia andre "
    "andrea andreas andrei andrew andy angela angelika angelina angie anita anja anke ann "
    "anna annabel anne annegret annelie anneliese annemarie annett annette annika anthony "
    "antje anton antonia antonio anuj arash archie ariane arjun armin arne arno arthur artur "
    "arun astrid athanasios audrey august auguste axel aylin ayse barbara bart bastian beate "
    "beatrice beatrix becky belinda ben benedikt benjamin benny bernadette bernd bernhard "
    "bert berta beth bettina betty beverly bianca bill birgit birte bjorn bob bodo boris "
    "brad brandon brenda brian bridget brigitte britta brittany bruce bruno bryan burak "
    "burkhard callum cameron can cansu carina carl carla carlo carlos carmen carol carola "
    "carolin caroline carsten catherine cathy cecilia celine cem charles charlie charlotte "
    "chloe chris christa christel christian christiane christina christine christoph "
    "christopher cindy claire clara claudia claus clemens colin connor conny conrad "
    "constanze cornelia craig cristina cynthia dagmar daisy damian dan dana daniel daniela "
    "danielle danny darren dave david davide dawid dean debbie deborah declan denis denise "
    "deniz dennis derek detlef diana diane diego dieter dietmar dietrich dilek dimitri dirk "
    "dmitri dominic dominik don donald donna doreen doris dorothea dorothee doug douglas "
    "duncan dustin dylan ebru eckhard eddie edeltraud edgar edith eduard edward egon eileen "
    "elaine eleanor elena elfriede eli elias elif elisa elisabeth elizabeth elke ella ellen "
    "ellie elmar elsa elvira emanuel emil emilia emilie emily emine emma emmanuel emre "
    "enrico enrique eric erica erich erik erika ernst erwin esra esther ethan eugen eva "
    "evelyn ewa fabian fabio fatima fatma felicitas felix ferdinand fernando filip finn "
    "fiona flora florian frances francesca francesco francis francisco francois frank franz "
    "franziska fred freddie frederick frederik freya frieda friederike friedhelm friedrich "
    "fritz gabi gabriel gabriela gabriele gail gareth gary gavin geoff geoffrey georg george "
    "georgia georgina gerald gerd gerda gerhard gerlinde germaine gert gertrud giovanni "
    "gisela giulia giuseppe glenn gloria gordon grace graham greg gregor gregory greta guido "
    "guillaume gunnar gunter gunther gustav guy hakan hamza hanna hannah hannelore hannes "
    "hans harald harriet harry hartmut hasan hassan hatice hazel heather hedwig heidi heike "
    "heiko heiner heinrich heinz helen helena helene helga helmut hendrik henning henri "
    "henriette henrik henry herbert heribert hermann herta hilda hilde hildegard holger "
    "horst howard hubert hugh hugo huseyin hussein ian ibrahim ida ignacio igor ilka ilona "
    "ilse imke imran ina ines inga inge ingeborg ingo ingrid inka irene irina iris irma "
    "irmgard isaac isabel isabell isabella isabelle isla ismail ivan ivana ivo jack jackie "
    "jacob jacqueline jake jakob jakub james jamie jan jana jane janet janette janice janin "
    "janina janine jannik jannis jared jasmin jasmine jason jay jayden jean jeanette jeff "
    "jeffrey jelena jenna jennifer jenny jens jeremy jerome jerry jesse jessica jessie jill "
    "jim jimmy joachim joan joanna joanne jochen joe joel joerg johan johanna johannes john "
    "johnny jolanta jon jonas jonathan jordan jorg jorge joschka jose josef josefine joseph "
    "josephine josh joshua joyce juan juanita judith judy juergen julia julian juliane julie "
    "julien juliette julius jurgen justin justus jutta";

static const char wordlist_given_more[] =
    "kai karen karim karin karina karl karla karolin karolina karsten kasia katarina kate "
    "katharina kathleen kathrin kathryn kathy katie katja katrin kay keith kelly ken kenan "
    "kenneth kerstin kevin khalid kieran kilian kim kimberly kirsten kirsty klara klaus knut "
    "konrad konstantin kristen kristian kristin kristina kumar kurt kyle lara larissa larry "
    "lars latoya laura lauren laurence laurenz lea leah lee lena lennart lenny leo leon "
    "leona leonard leonie leroy leslie levin lewis liam lidia lilli lily lina linda lindsay "
    "linus lisa lisbeth liselotte liv livia logan lola lorenz lorenzo lori lorraine lothar "
    "lotte louis louisa louise luca lucas lucia lucie lucy ludger ludwig luigi luis luisa "
    "luise lukas luke lutz lydia lynn madeleine magda magdalena maggie mahmoud maike maja "
    "malcolm malte mandy manfred manuel manuela mara marc marcel marcin marco marcus marek "
    "margaret margarete margit margot margret maria mariam marian mariana marianne marie "
    "mariella marija marina mario marion marissa marius mark marketa marko markus marlene "
    "marlies marta martha martin martina marvin mary mateusz mathias mathilda mats matt "
    "matteo matthew matthias matthis maureen maurice max maxim maximilian maya megan mehdi "
    "mehmet meike melanie melina melissa melvin mercedes merle mesut mia michael michaela "
    "michal michel michelle mick miguel mike mikhail milan milena miriam mitchell moha "
    "mohamed mohammad mohammed moni monica monika monique morgan moritz muhammad murat "
    "mustafa nadia nadine nadja naomi natalia natalie natascha nathalie nathan neha neil "
    "nele nelly niall nicholas nick nicki nico nicola nicolas nicole niels nigel nikita "
    "nikki niklas niko nikolai nikolaus nils nina noah noel noemi nora norbert norma norman "
    "nuno oleg olga oliver olivia olivier ollie omar oscar oskar osman oswald otmar otto "
    "owen ozan ozgur pablo paige pamela paola pascal pascale patricia patrick patrizia paul "
    "paula paulina pauline pavel pedro peggy pete peter petra phil philip philipp philippe "
    "phillip phoebe pia pierre piotr poppy priya rachel rafael rahul rainer raj rajesh ralf "
    "ralph ramona randy raphael raquel ravi ray raymond rebecca regina regine reiner "
    "reinhard reinhold renate rene rhys ricarda ricardo richard rick ricky rita rob robert "
    "roberta roberto robin rocco rod rodney roger roland rolf roman ron ronald ronja ronny "
    "rosa rosalie rosemarie rosie ross roswitha roy ruben rudi rudolf rupert russell ruth "
    "ryan sabina sabine sabrina sahra said salma sam samantha samira samuel sandeep sandra "
    "sandro sandy sanjay sara sarah sascha saskia scott sean sebastian selim selina selma "
    "serdar sergej sergio seyma shane shannon sharon shaun shawn sheila shirley sibylle "
    "sidney siegfried sigrid silas silke silvana silvia simon simona simone sina sinan "
    "sinead siobhan sofia sofie sonia sonja sophia sophie stacey stan stefan stefanie "
    "steffen steffi stella stephan stephanie stephen steve steven stewart stuart sue sunil "
    "susan susann susanna susanne susi suzanne svea sven svenja svetlana sylvia tamara tania "
    "tanja tanya tara tatjana ted teresa terry thea theo theodor theresa thomas thorsten "
    "tilda till tilman tim timo timothy tina tobias toby tom tomas tomasz tommy tony torben "
    "torsten tracey tracy traudel travis trevor tristan troy tyler udo ulf uli ulla ulrich "
    "ulrike umut urs ursula ute uwe valentin valentina valerie vanessa vera verena veronica "
    "veronika vicky victor victoria viktor viktoria vincent viola violet virginia vivian "
    "vivien vladimir volkan volker wally walter waltraud wanda wayne wendelin wendy wenke "
    "werner wiebke wilfried wilhelm wilhelmine willi william willy winfried wolf wolfgang "
    "wolfram xaver yannick yannik yasemin yasin yasmin yusuf yves yvonne zach zachary zeynep "
    "zoe zoey";

static const char wordlist_name_not[] =
    "abgeordnete abgeordneter agent all also always amazing amazon angebot anruf antwort "
    "anyone april arzt arztin august auto awful bad bahn bank bean berater beraterin beruf "
    "best bestellung bitte bruder buergermeister burgermeister buy chef chefin client "
    "clients company customer customers dame damen danke db dear december delta dezember "
    "dienstag direktor direktorin doktor donnerstag driver eltern euro everybody everyone "
    "excel excellent februar february firma folks frage fragen frau freitag freizeit freund "
    "freunde freundin friday friend friends garten geld gentlemen god good gott great gut "
    "gute guys hallo handy haus hello here herr herren hey hi hilfe hotline however hund "
    "information internet jahr januar january juli july june juni kanzler kapitan kasse kind "
    "kinder kollege kollegen kollegin kolleginnen kunde kunden kundenbetreuung kundendienst "
    "kundenservice kundin ladies lehrer lehrerin leitung leute lieferung lord lufthansa "
    "madam madchen maerz mai mail mails manager mann march marz mate mates minister "
    "ministerin mitarbeiter mitarbeiterin mitarbeitern mittwoch monat monday montag mutter "
    "nachbar nachbarin never nice november oberbuergermeister oberburgermeister october "
    "oetker office oktober oma onkel opa outlook paket people pepper please poor post "
    "prasident preis problem probleme professor rechnung regards rezeption sales samstag "
    "saturday schlecht schwester september service sincerely sir sirs sohn sonntag staff "
    "still sunday super support tag tage tante team teams telefon telekom termin terrible "
    "thank thanks there thursday tochter toll top tuesday uhr united urlaub vater verkaufer "
    "verkauferin vertrag very vodafone wash wednesday well windows woche word world yours "
    "zeit zusammen zustandige zustandigen zustandiger";

static const char wordlist_function_words[] =
    "a aber about above after again against alle allem allen aller alles als also always am "
    "an and answered any are as asked at auch auf aus bad be because been before bei beim "
    "being bekam below besonders between bin bis bist both but by call called can could da "
    "damit dann darf das dass dein deine dem den denn der des did die dies diese diesem "
    "diesen dieser dieses do doch does dort du durch durfte during each ein eine einem einen "
    "einer eines endlich er es etwas euch euer eure explained few for freundlich friendly "
    "from frueher fruher fuer fur further gab ganz geht gerne gestern gibt ging good got "
    "great gut habe haben had haette has hat hatte hatten have he helped helpful her here "
    "heute him his how i ich if ihm ihn ihnen ihr ihre ihren im immer in ins into is ist it "
    "its ja jede jeder jedes jetzt just kam kann kannte kein keine keinen kenne kennt "
    "koennte kommt kompetent konnte konnten la le leider liess macht machte mal man mein "
    "meine meinem meinen meiner meint meinte mich mir mit mochte moechte more morgen most "
    "muss musste nach nahm nett never nice nicht nichts nie niemand no noch nor not now nur "
    "ob oder of off ohne on once one only or other our out over own really rief rude ruft "
    "sagt sagte said same says schlecht schon schrieb sehr sei seid sein seine seit she sie "
    "sind sitzt so sofort soll sollen sollte some sondern sonst stand still such super tat "
    "than the their them then there these they this those through to told toll too tut um "
    "und unfreundlich uns unser unsere unter until up us used very vom von vor waere war "
    "ware waren was we weder weg weil weiss wenn wer werden were what when where which while "
    "who why wie wieder will wir wird with without wo wollen wollte wuerde wurde wurden "
    "wusste yes you your zu zuletzt zum zur zwar";

static const char wordlist_determiners[] =
    "aeltere als alte altere deine deiner der die diese dieser eine einer euer eure "
    "freundliche freundlichen fuer fur gute ihre ihrer jede jeder junge keine liebe meine "
    "meinen meiner mit nette netten oder seine seiner und unfreundliche unsere unserer von "
    "zur";

static const char wordlist_url_keys[] =
    "accesstoken account accountid api apikey auth authkey authorization authtoken cid "
    "clientsecret code credential credentials csrf customer customerid customerno email "
    "emailaddress firstname handynummer hash iban idtoken invitation invite jsessionid jwt "
    "kdnr key konto kunde kundennr kundennummer lastname login loginid mail member memberid "
    "mobile msisdn nachname name nonce otp pass passcode passwd password passwort pat "
    "personid phone phpsessid pin pw pwd rechnungsnummer refreshtoken reset resettoken "
    "secret sess sessid session sessionid sid sig sign signature ssn sso tel telefon ticket "
    "tok token uid user userid username usr vertragsnummer vorname";

static const char wordlist_url_one_time[] =
    "abmelden activate activation aktivieren auth bestaetigen bestatigen confirm "
    "confirmation forgot invitation invite login magic magiclink newpassword passwordreset "
    "pwreset recover recovery reset resetpassword s session setpassword share token "
    "unsubscribe verification verify zurucksetzen zuruecksetzen";

static const char wordlist_url_people[] =
    "member members mitglied profil profile profiles user users";

static const char wordlist_mail_cues[] =
    "address adresse contact email emails erreichbar erreichen kontakt mail mails reach "
    "schreib schreiben schreibt write";

static const char wordlist_top_domains[] =
    "at au biz ca ch co com de edu es eu fr ie info io it me net nl org uk us";

#define WORDLIST_LIST(words)                                                                       \
    {                                                                                              \
        words, sizeof words - 1                                                                    \
    }
static const struct {
    const char *words;
    size_t len;
} wordlist_lists[LIST_COUNT] = {
    [LIST_UNITS] = WORDLIST_LIST(wordlist_units),
    [LIST_REFERENCES] = WORDLIST_LIST(wordlist_references),
    [LIST_PHONES] = WORDLIST_LIST(wordlist_phones),
    [LIST_PHONE_VERBS] = WORDLIST_LIST(wordlist_phone_verbs),
    [LIST_PHONE_LINKS] = WORDLIST_LIST(wordlist_phone_links),
    [LIST_CARDS] = WORDLIST_LIST(wordlist_cards),
    [LIST_CITIES] = WORDLIST_LIST(wordlist_cities),
    [LIST_PLACE_FIRST] = WORDLIST_LIST(wordlist_place_first),
    [LIST_STREET_NOT] = WORDLIST_LIST(wordlist_street_not),
    [LIST_ADDRESS_CUES] = WORDLIST_LIST(wordlist_address_cues),
    [LIST_STREET_TYPES] = WORDLIST_LIST(wordlist_street_types),
    [LIST_STREET_MIDDLE_NOT] = WORDLIST_LIST(wordlist_street_middle_not),
    [LIST_ROOMS] = WORDLIST_LIST(wordlist_rooms),
    [LIST_STATES] = WORDLIST_LIST(wordlist_states),
    [LIST_POSTCODE_AREAS] = WORDLIST_LIST(wordlist_postcode_areas),
    [LIST_PARTICLES] = WORDLIST_LIST(wordlist_particles),
    [LIST_TITLES] = WORDLIST_LIST(wordlist_titles),
    [LIST_GIVEN] = WORDLIST_LIST(wordlist_given),
    [LIST_GIVEN_MORE] = WORDLIST_LIST(wordlist_given_more),
    [LIST_NAME_NOT] = WORDLIST_LIST(wordlist_name_not),
    [LIST_FUNCTION_WORDS] = WORDLIST_LIST(wordlist_function_words),
    [LIST_DETERMINERS] = WORDLIST_LIST(wordlist_determiners),
    [LIST_URL_KEYS] = WORDLIST_LIST(wordlist_url_keys),
    [LIST_URL_ONE_TIME] = WORDLIST_LIST(wordlist_url_one_time),
    [LIST_URL_PEOPLE] = WORDLIST_LIST(wordlist_url_people),
    [LIST_MAIL_CUES] = WORDLIST_LIST(wordlist_mail_cues),
    [LIST_TOP_DOMAINS] = WORDLIST_LIST(wordlist_top_domains),
};

static const struct {
    const char *word;
    int cue;
} wordlist_cues[] = {
    {"best", CUE_CLOSE_WEAK},
    {"bg", CUE_CLOSE_WEAK},
    {"cheers", CUE_CLOSE_WEAK},
    {"danke", CUE_CLOSE_WEAK},
    {"dear", CUE_GREET},
    {"doktor", CUE_SALUTE},
    {"dot", CUE_DOT},
    {"dr", CUE_SALUTE},
    {"faithfully", CUE_CLOSE},
    {"fam", CUE_SALUTE},
    {"familie", CUE_SALUTE},
    {"fr", CUE_SALUTE},
    {"frau", CUE_SALUTE},
    {"greetings", CUE_CLOSE_WEAK},
    {"gruesse", CUE_CLOSE},
    {"gruessen", CUE_CLOSE},
    {"gruss", CUE_CLOSE},
    {"grusse", CUE_CLOSE},
    {"grussen", CUE_CLOSE},
    {"hallo", CUE_GREET},
    {"heise", CUE_CALLED},
    {"heisse", CUE_CALLED},
    {"hello", CUE_GREET},
    {"herr", CUE_SALUTE},
    {"herrn", CUE_SALUTE},
    {"herzlichst", CUE_CLOSE},
    {"hey", CUE_GREET},
    {"hi", CUE_GREET},
    {"hier", CUE_HERE},
    {"hochachtungsvoll", CUE_CLOSE},
    {"hr", CUE_SALUTE},
    {"i", CUE_I},
    {"ich", CUE_I},
    {"lg", CUE_CLOSE_WEAK},
    {"liebe", CUE_GREET},
    {"lieber", CUE_GREET},
    {"love", CUE_CLOSE_WEAK},
    {"mfg", CUE_CLOSE},
    {"miss", CUE_SALUTE},
    {"missis", CUE_SALUTE},
    {"mister", CUE_SALUTE},
    {"moin", CUE_GREET},
    {"mr", CUE_SALUTE},
    {"mrs", CUE_SALUTE},
    {"ms", CUE_SALUTE},
    {"mx", CUE_SALUTE},
    {"name", CUE_NAME},
    {"prof", CUE_SALUTE},
    {"professor", CUE_SALUTE},
    {"punkt", CUE_DOT},
    {"regards", CUE_CLOSE},
    {"servus", CUE_GREET},
    {"sincerely", CUE_CLOSE},
    {"sir", CUE_SALUTE},
    {"thanks", CUE_CLOSE_WEAK},
    {"this", CUE_THIS},
    {"thx", CUE_CLOSE_WEAK},
    {"truly", CUE_CLOSE},
    {"vg", CUE_CLOSE_WEAK},
    {"wishes", CUE_CLOSE},
    {"yours", CUE_CLOSE_WEAK},
};

#define WORDLIST_CUE_COUNT (sizeof wordlist_cues / sizeof *wordlist_cues)

/* Order of view[start..end) and the word that ends before a blank or NUL, but for case. */
static int wordlist_order(const kundig__personal *p, size_t start, size_t end, const char *word)
{
    for (; start < end && *word && *word != ' '; start++, word++) {
        int order = view_lower(view_at(p, start)) - (unsigned char)*word;
        if (order != 0) {
            return order;
        }
    }
    return start < end ? 1 : -(*word && *word != ' ');
}

bool kundig__view_among(const kundig__personal *p, size_t start, size_t end, kundig__view_list list)
{
    const char *words = wordlist_lists[list].words;
    size_t low = 0; /* words begin at low and at high */
    size_t high = wordlist_lists[list].len + 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        while (middle > low && words[middle - 1] != ' ') {
            middle--;
        }
        int order = wordlist_order(p, start, end, words + middle);
        if (order == 0) {
            return true;
        }
        if (order < 0) {
            high = middle;
            continue;
        }
        low = middle;
        while (low < high && words[low] && words[low] != ' ') {
            low++;
        }
        low++;
    }
    return false;
}

const char *kundig__view_words(kundig__view_list list)
{
    return wordlist_lists[list].words;
}

void kundig__view_cues(kundig__personal *p)
{
    size_t i = 0;
    memset(p->cue_lengths, 0, sizeof p->cue_lengths);
    for (size_t letter = 0; letter < 26; letter++) {
        p->cue_first[letter] = (uint8_t)i;
        for (; i < WORDLIST_CUE_COUNT && wordlist_cues[i].word[0] == (char)('a' + letter); i++) {
            p->cue_lengths[letter] |= UINT32_C(1) << strlen(wordlist_cues[i].word);
        }
    }
    p->cue_first[26] = (uint8_t)i;
}

int kundig__view_cue(const kundig__personal *p, size_t start, size_t end)
{
    size_t letter = (view_at(p, start) | 0x20u) - 'a';
    if (letter >= 26) {
        return CUE_NONE;
    }
    for (size_t i = p->cue_first[letter]; i < p->cue_first[letter + 1]; i++) {
        if (view_equal(p, start, end, wordlist_cues[i].word)) {
            return wordlist_cues[i].cue;
        }
    }
    return CUE_NONE;
}
