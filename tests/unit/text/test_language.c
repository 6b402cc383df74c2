#include "text/language.h"

#include "base/text.h"
#include "support.h"

TestSuite(language, .fini = probe_fini);

typedef struct language_fixture {
    text_fixture text;
    kundig__languages *languages;
    kundig__spoken spoken;
} language_fixture;

static void language_begin(language_fixture *fixture)
{
    text_begin(&fixture->text);
    fixture->languages = kundig__languages_new(&fixture->text.mem);
    cr_assert_not_null(fixture->languages);
    kundig__spoken_init(&fixture->spoken, &fixture->text.mem);
}

static void language_end(language_fixture *fixture)
{
    kundig__spoken_free(&fixture->spoken);
    kundig__languages_free(fixture->languages, &fixture->text.mem);
    text_end(&fixture->text);
}

static const char *language_tell(language_fixture *fixture, const char *text)
{
    size_t len = strlen(text);
    cr_assert_eq(kundig__text_features(&fixture->text.scratch, text, len, KUNDIG__WORDS),
                 KUNDIG_OK);
    cr_assert(kundig__language_read(fixture->languages, &fixture->text.scratch, text, len,
                                    &fixture->spoken));
    cr_assert((fixture->spoken.language == KUNDIG__LANGUAGE_UNKNOWN) ==
              (fixture->spoken.sureness == 0));
    return kundig__language_name(fixture->spoken.language);
}

/* Sentences of our own, a language each; all must be told. */
static const char *const language_german[] = {
    "Die Lieferung kam drei Tage zu spät an.",
    "Ich warte seit zwei Wochen auf mein Geld.",
    "Leider war am Telefon niemand zu erreichen.",
    "Sehr freundliche Beratung, gerne wieder!",
    "Der Monteur hat den Termin nicht eingehalten.",
    "Das Paket lag völlig durchnässt vor der Haustür.",
    "Wir sind mit dem Kundendienst rundum zufrieden.",
    "Warum bekomme ich keine Antwort auf meine Mail?",
    "Die Schuhe fallen viel zu klein aus.",
    "Rechnung falsch, Gutschrift fehlt, Hotline nicht erreichbar.",
    "Man wird nur hin und her geschickt.",
    "Preis und Qualität stimmen einfach nicht überein.",
    "Hat alles bestens geklappt, vielen Dank.",
    "Die App stürzt nach dem Update ständig ab.",
    "Mir wurde etwas anderes versprochen als geliefert.",
    "Unverschämt, wie man hier behandelt wird.",
    "Kaffee kalt, Brötchen hart, Bedienung mürrisch.",
    "Nie wieder bestelle ich in diesem Laden.",
    "Ohne Umlaute geht es auch: schoene Gruesse aus Koeln",
    "Bin seit Jahren Kundin und immer noch begeistert.",
    "sehr gut",
    "Alles bestens",
    "nicht zu empfehlen",
    "Preis-Leistung stimmt",
    NULL};
static const char *const language_english[] = {"The parcel arrived three days late.",
                                               "I have been waiting for my refund for two weeks.",
                                               "Nobody ever picks up the phone.",
                                               "Very friendly staff, would come again!",
                                               "The engineer never turned up for the appointment.",
                                               "They left the box outside in the rain.",
                                               "We're really happy with the help we got.",
                                               "Why does no one answer my emails?",
                                               "The shoes run far too small.",
                                               "Wrong bill, no credit, hotline always busy.",
                                               "You just get passed from one person to another.",
                                               "Price and quality do not match at all.",
                                               "Everything worked out perfectly, many thanks.",
                                               "The app keeps crashing after the update.",
                                               "I was promised something else entirely.",
                                               "Outrageous how people are treated here.",
                                               "Cold coffee, stale rolls, grumpy waiter.",
                                               "I won't be ordering from this shop again.",
                                               "its ok but dont expect much",
                                               "Been a customer for years and still delighted.",
                                               "Great",
                                               "Thank you so much",
                                               "not worth the money",
                                               "Easy to use",
                                               NULL};
static const char *const language_french[] = {
    "Le colis est arrivé avec trois jours de retard.",
    "J'attends mon remboursement depuis deux semaines.",
    "Personne ne répond jamais au téléphone.",
    "Personnel très aimable, je reviendrai !",
    "Le technicien n'est pas venu au rendez-vous.",
    "Ils ont laissé le carton dehors sous la pluie.",
    "Nous sommes vraiment contents de l'aide reçue.",
    "Pourquoi est-ce que personne ne me répond ?",
    "Les chaussures taillent beaucoup trop petit.",
    "Facture fausse, avoir oublié, ligne toujours occupée.",
    "On vous renvoie d'un service à l'autre.",
    "Le prix ne correspond pas à la qualité.",
    "Tout s'est bien passé, merci beaucoup.",
    "L'application plante sans cesse depuis la mise à jour.",
    "On m'avait promis tout autre chose.",
    "C'est une honte de traiter les gens ainsi.",
    "Café froid, pain rassis, serveur désagréable.",
    "Je ne commanderai plus jamais chez eux.",
    "tres bien recu, equipe a l'ecoute des clients",
    "Cliente depuis des années et toujours ravie.",
    "très bien",
    "Rien à dire",
    "Je recommande",
    "L’ascenseur était encore en panne.",
    NULL};
static const char *const language_spanish[] = {
    "El paquete llegó con tres días de retraso.",
    "Llevo dos semanas esperando mi reembolso.",
    "Nadie contesta nunca al teléfono.",
    "Personal muy amable, ¡volveré!",
    "El técnico no se presentó a la cita.",
    "Dejaron la caja fuera bajo la lluvia.",
    "Estamos muy contentos con la ayuda recibida.",
    "¿Por qué nadie responde a mis correos?",
    "Los zapatos son demasiado pequeños.",
    "Factura equivocada, sin abono y la línea siempre ocupada.",
    "Te pasan de un departamento a otro.",
    "El precio no corresponde con la calidad.",
    "Todo salió perfecto, muchas gracias.",
    "La aplicación se cierra sola desde la actualización.",
    "Me habían prometido otra cosa.",
    "Es una vergüenza cómo tratan a la gente.",
    "Café frío, pan duro y camarero antipático.",
    "No volveré a comprar en esta tienda.",
    "Muy bien, todo segun lo acordado, rapido y facil",
    "Soy clienta desde hace años y sigo encantada.",
    "todo bien",
    "muy buen servicio",
    "Lo recomiendo",
    "¡Qué desastre!",
    NULL};
static const char *const language_portuguese[] = {
    "A encomenda chegou com três dias de atraso.",
    "Estou à espera do reembolso há duas semanas.",
    "Ninguém atende o telefone.",
    "Funcionários muito simpáticos, voltarei!",
    "O técnico não apareceu na hora marcada.",
    "Deixaram a caixa lá fora na chuva.",
    "Ficamos muito felizes com a ajuda que recebemos.",
    "Por que ninguém responde aos meus e-mails?",
    "Os sapatos são pequenos demais.",
    "Fatura errada, sem crédito e a linha sempre ocupada.",
    "Passam a gente de um setor para outro.",
    "O preço não condiz com a qualidade.",
    "Deu tudo certo, muito obrigada.",
    "O aplicativo trava desde a última atualização.",
    "Tinham me prometido outra coisa.",
    "É um absurdo como tratam as pessoas.",
    "Café frio, pão velho e garçom mal-humorado.",
    "Nunca mais compro nesta loja.",
    "nao gostei, veio quebrado e voces nao respondem",
    "Sou cliente há anos e continuo satisfeita.",
    "muito bom",
    "Não recomendo",
    "chegou antes do prazo",
    "Tudo certo com a entrega",
    NULL};
static const char *const language_italian[] = {
    "Il pacco è arrivato con tre giorni di ritardo.",
    "Aspetto il rimborso da due settimane.",
    "Nessuno risponde mai al telefono.",
    "Personale molto gentile, tornerò!",
    "Il tecnico non si è presentato all'appuntamento.",
    "Hanno lasciato la scatola fuori sotto la pioggia.",
    "Siamo davvero contenti dell'aiuto ricevuto.",
    "Perché nessuno risponde alle mie mail?",
    "Le scarpe sono troppo piccole.",
    "Fattura sbagliata, nessun accredito e linea sempre occupata.",
    "Ti rimandano da un ufficio all'altro.",
    "Il prezzo non corrisponde alla qualità.",
    "È andato tutto bene, grazie mille.",
    "L'app si chiude da sola dopo l'aggiornamento.",
    "Mi avevano promesso tutt'altro.",
    "È una vergogna come trattano la gente.",
    "Caffè freddo, pane vecchio e cameriere scortese.",
    "Non comprerò più niente in questo negozio.",
    "non e' arrivato nulla, pero' i soldi li hanno presi",
    "Sono cliente da anni e sono ancora soddisfatta.",
    "molto bene",
    "Da evitare",
    "Servizio ottimo",
    "Nell’ascensore mancava la luce.",
    NULL};
static const char *const language_dutch[] = {"Het pakket kwam drie dagen te laat aan.",
                                             "Ik wacht al twee weken op mijn geld.",
                                             "Er neemt nooit iemand de telefoon op.",
                                             "Heel vriendelijk personeel, ik kom graag terug!",
                                             "De monteur is niet op de afspraak verschenen.",
                                             "Ze hebben de doos buiten in de regen gezet.",
                                             "Wij zijn erg blij met de hulp die we kregen.",
                                             "Waarom krijg ik geen antwoord op mijn mails?",
                                             "De schoenen vallen veel te klein uit.",
                                             "Rekening klopt niet en de lijn is altijd bezet.",
                                             "Je wordt van het kastje naar de muur gestuurd.",
                                             "De prijs past niet bij de kwaliteit.",
                                             "Alles is goed verlopen, hartelijk dank.",
                                             "De app loopt sinds de update steeds vast.",
                                             "Mij was iets heel anders beloofd.",
                                             "Een schande hoe mensen hier behandeld worden.",
                                             "Koude koffie, oud brood en een norse ober.",
                                             "Ik bestel nooit meer bij deze winkel.",
                                             "'t was weer gezellig, zo'n fijne plek",
                                             "Al jaren klant en nog steeds tevreden.",
                                             "heel goed",
                                             "Niet tevreden",
                                             "Een aanrader",
                                             "Snelle levering",
                                             NULL};
static const char *const *const language_own[KUNDIG__LANGUAGE_COUNT] = {NULL,
                                                                        language_german,
                                                                        language_english,
                                                                        language_french,
                                                                        language_spanish,
                                                                        language_portuguese,
                                                                        language_italian,
                                                                        language_dutch};

Test(language, tells_seven_languages)
{
    language_fixture fixture;
    language_begin(&fixture);
    for (int language = 1; language < KUNDIG__LANGUAGE_COUNT; language++) {
        for (const char *const *text = language_own[language]; *text; text++) {
            const char *told = language_tell(&fixture, *text);
            cr_expect_str_eq(told, kundig__language_name(language), "%s: %s", told, *text);
        }
    }
    language_end(&fixture);
}

Test(language, does_not_claim_other_languages)
{
    static const char *const others[] = {
        "Paketet kom tre dagar för sent och ingen svarade.",
        "Jag är mycket nöjd med servicen.",
        "Pakken kom tre dage for sent, og ingen svarede.",
        "Jeg er veldig fornøyd med kundeservicen deres.",
        "Jeg har ikke fået mine penge tilbage endnu.",
        "Paketti tuli kolme päivää myöhässä eikä kukaan vastannut.",
        "Paczka dotarła trzy dni za późno i nikt nie odbierał telefonu.",
        "Jestem bardzo zadowolona z obsługi.",
        "Balík přišel o tři dny později a nikdo neodpovídal.",
        "A csomag három nap késéssel érkezett meg.",
        "Nagyon elégedett vagyok a kiszolgálással.",
        "Pachetul a ajuns cu trei zile întârziere și nimeni nu răspunde.",
        "Sunt foarte mulțumit de serviciile voastre.",
        "Paket je stigao tri dana prekasno i nitko se ne javlja.",
        "Kargo üç gün geç geldi ve kimse telefona cevap vermedi.",
        "Hizmetten çok memnun kaldım, teşekkürler.",
        "Paket terlambat tiga hari dan tidak ada yang menjawab.",
        "El paquet va arribar amb tres dies de retard i ningú no contesta.",
        "Estem molt contents amb l'atenció que ens han donat.",
        "Die pakkie het drie dae te laat aangekom en niemand het geantwoord nie.",
        "Ek is baie tevrede met julle diens.",
        "Gallia est omnis divisa in partes tres, quarum unam incolunt Belgae.",
        "Pakk jõudis kohale kolm päeva hiljem ja keegi ei vastanud.",
        "Siunta vėlavo tris dienas ir niekas neatsiliepė.",
        "Paciņa pienāca trīs dienas vēlāk un neviens neatbildēja.",
        "Pakkinn kom þremur dögum of seint og enginn svaraði.",
        "Daeth y pecyn dri diwrnod yn hwyr ac nid oedd neb yn ateb.",
        "Paketea hiru egun berandu iritsi da eta inork ez du erantzun.",
        "Gói hàng đến muộn ba ngày và không ai trả lời.",
        "Kifurushi kilichelewa siku tatu na hakuna aliyejibu.",
        "Посылка пришла на три дня позже, и никто не отвечал.",
        "Το δέμα ήρθε τρεις μέρες αργότερα και κανείς δεν απαντούσε.",
        "وصل الطرد متأخرا ثلاثة أيام ولم يرد أحد.",
        "החבילה הגיעה באיחור של שלושה ימים ואף אחד לא ענה.",
        "包裹晚了三天才到,没有人接电话。",
        "荷物が三日遅れて届きました。誰も電話に出ません。",
        "소포가 사흘 늦게 도착했고 아무도 전화를 받지 않았습니다.",
        "पार्सल तीन दिन देर से आया और किसी ने जवाब नहीं दिया।",
        "พัสดุมาถึงช้าสามวันและไม่มีใครรับสาย",
    };
    language_fixture fixture;
    language_begin(&fixture);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const char *told = language_tell(&fixture, others[i]);
        cr_expect_str_eq(told, "unknown", "%s %u: %s", told, fixture.spoken.sureness, others[i]);
    }
    language_end(&fixture);
}

Test(language, says_unknown_where_nothing_tells)
{
    static const char *const nothing[] = {"",
                                          " ",
                                          "\n",
                                          "!!!",
                                          "10/10",
                                          "42",
                                          "👍👍👍",
                                          "Super Service",
                                          "OK",
                                          "Xqzt",
                                          "A B C",
                                          "https://www.example.com/der/die/das/und/nicht",
                                          "@der_und_die @nicht @the",
                                          "ich.und.du@nicht.de",
                                          "asdf jkl qwertz",
                                          "WLAN LTE 5G",
                                          "info"};
    language_fixture fixture;
    language_begin(&fixture);
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++) {
        cr_expect_str_eq(language_tell(&fixture, nothing[i]), "unknown", "%s", nothing[i]);
        cr_expect_not(fixture.spoken.mixed);
    }
    language_end(&fixture);
}

Test(language, does_not_count_addresses_and_handles)
{
    language_fixture fixture;
    language_begin(&fixture);
    cr_assert_str_eq(language_tell(&fixture, "@the_and_of www.the-and-of.com/is/the/of Das war "
                                             "wirklich nicht gut"),
                     "de");
    cr_assert_geq(fixture.spoken.sureness, 990);
    language_end(&fixture);
}

Test(language, reads_words_whatever_their_case_and_apostrophe)
{
    language_fixture fixture;
    language_begin(&fixture);
    cr_assert_str_eq(language_tell(&fixture, "NICHT ÜBER MEINE RECHNUNG GESPROCHEN"), "de");
    cr_assert_str_eq(language_tell(&fixture, "It’s what we’ve said"), "en");
    cr_assert_str_eq(language_tell(&fixture, "qu’aujourd’hui d’ailleurs"), "fr");
    cr_assert_str_eq(language_tell(&fixture, "dell’ordine nell’appartamento"), "it");
    language_end(&fixture);
}

Test(language, tells_each_sentence_and_says_when_a_comment_is_mixed)
{
    language_fixture fixture;
    language_begin(&fixture);
    language_tell(&fixture, "Die Lieferung war leider viel zu spät. I would like to have my money "
                            "back please! Merci pour votre réponse, nous attendons toujours.");
    cr_assert_eq(fixture.spoken.sentence_count, 3);
    cr_assert_eq(fixture.spoken.sentences[0].language, KUNDIG__LANGUAGE_DE);
    cr_assert_eq(fixture.spoken.sentences[1].language, KUNDIG__LANGUAGE_EN);
    cr_assert_eq(fixture.spoken.sentences[2].language, KUNDIG__LANGUAGE_FR);
    cr_assert(fixture.spoken.mixed);

    language_tell(&fixture, "Das Display ist wirklich gut. Made in Germany. Great. Gerne wieder!");
    cr_assert_eq(fixture.spoken.language, KUNDIG__LANGUAGE_DE);
    cr_assert_not(fixture.spoken.mixed, "a word or two of another language do not make a mix");
    language_end(&fixture);
}

Test(language, lets_a_sure_comment_speak_for_its_short_sentences)
{
    language_fixture fixture;
    language_begin(&fixture);
    language_tell(&fixture, "Die Mitarbeiter waren sehr freundlich und haben mir geholfen. Super "
                            "Service! 5 *");
    cr_assert_eq(fixture.spoken.sentence_count, 3);
    cr_assert_eq(fixture.spoken.sentences[1].language, KUNDIG__LANGUAGE_DE);
    cr_assert_lt(fixture.spoken.sentences[1].sureness, 900);
    cr_assert_eq(fixture.spoken.sentences[2].language, KUNDIG__LANGUAGE_DE);
    language_end(&fixture);
}

Test(language, is_surer_the_more_there_is)
{
    language_fixture fixture;
    language_begin(&fixture);
    language_tell(&fixture, "Qualität");
    uint32_t one = fixture.spoken.sureness;
    language_tell(&fixture, "Qualität schlecht");
    uint32_t two = fixture.spoken.sureness;
    language_tell(&fixture, "Die Qualität ist leider sehr schlecht geworden");
    uint32_t many = fixture.spoken.sureness;
    cr_assert(600 <= one && one < two && two < many && many <= 999, "%u %u %u", one, two, many);
    language_end(&fixture);
}

Test(language, counts_ever_so_many_words)
{
    language_fixture fixture;
    language_begin(&fixture);
    size_t len = 4000000;
    char *text = kundig__alloc(&fixture.text.mem, len);
    for (size_t i = 0; i < len; i += 4) {
        memcpy(text + i, "the ", 4);
    }
    cr_assert_eq(kundig__text_features(&fixture.text.scratch, text, len, KUNDIG__WORDS), KUNDIG_OK);
    cr_assert(kundig__language_read(fixture.languages, &fixture.text.scratch, text, len,
                                    &fixture.spoken));
    cr_assert_eq(fixture.spoken.sentence_count, 1);
    cr_assert_eq(fixture.spoken.language, KUNDIG__LANGUAGE_EN);
    cr_assert_eq(fixture.spoken.sureness, 999);
    cr_assert_eq(fixture.spoken.sentences[0].scores[KUNDIG__LANGUAGE_EN], 88 * (int64_t)len / 4);
    kundig__free(&fixture.text.mem, text, len);
    language_end(&fixture);
}

Test(language, reads_any_text_and_the_same_twice)
{
    language_fixture fixture;
    language_begin(&fixture);
    uint64_t seed = 5;
    for (int round = 0; round < 20000; round++) {
        char text[1024];
        size_t len = text_make(&seed, text, sizeof text);
        cr_assert_eq(kundig__text_features(&fixture.text.scratch, text, len, KUNDIG__WORDS),
                     KUNDIG_OK);
        cr_assert(kundig__language_read(fixture.languages, &fixture.text.scratch, text, len,
                                        &fixture.spoken));
        int32_t language = fixture.spoken.language;
        uint32_t sureness = fixture.spoken.sureness;
        uint32_t end = 0;
        for (size_t i = 0; i < fixture.spoken.sentence_count; i++) {
            const kundig__sentence *sentence = &fixture.spoken.sentences[i];
            cr_assert(sentence->first == end && sentence->end > end);
            end = sentence->end;
        }
        cr_assert_eq(end, fixture.text.scratch.token_count);
        cr_assert(kundig__language_read(fixture.languages, &fixture.text.scratch, text, len,
                                        &fixture.spoken));
        cr_assert(language == fixture.spoken.language && sureness == fixture.spoken.sureness);
    }
    language_end(&fixture);
}

Test(language, finds_names_and_codes)
{
    static const struct {
        const char *name;
        int language;
    } names[] = {
        {"de", KUNDIG__LANGUAGE_DE},
        {"DE", KUNDIG__LANGUAGE_DE},
        {"de-AT", KUNDIG__LANGUAGE_DE},
        {"de_CH.UTF-8", KUNDIG__LANGUAGE_DE},
        {"deu", KUNDIG__LANGUAGE_DE},
        {"ger", KUNDIG__LANGUAGE_DE},
        {"German", KUNDIG__LANGUAGE_DE},
        {"Deutsch", KUNDIG__LANGUAGE_DE},
        {" deutsch ", KUNDIG__LANGUAGE_DE},
        {"Deutsch (Schweiz)", KUNDIG__LANGUAGE_DE},
        {"ALEMÁN", KUNDIG__LANGUAGE_DE},
        {"Alemão", KUNDIG__LANGUAGE_DE},
        {"tedesco", KUNDIG__LANGUAGE_DE},
        {"Duits", KUNDIG__LANGUAGE_DE},
        {"allemand", KUNDIG__LANGUAGE_DE},
        {"en", KUNDIG__LANGUAGE_EN},
        {"en-US", KUNDIG__LANGUAGE_EN},
        {"English (UK)", KUNDIG__LANGUAGE_EN},
        {"Englisch", KUNDIG__LANGUAGE_EN},
        {"inglés", KUNDIG__LANGUAGE_EN},
        {"eng", KUNDIG__LANGUAGE_EN},
        {"FRANÇAIS", KUNDIG__LANGUAGE_FR},
        {"Français", KUNDIG__LANGUAGE_FR},
        {"Französisch", KUNDIG__LANGUAGE_FR},
        {"fra", KUNDIG__LANGUAGE_FR},
        {"fre", KUNDIG__LANGUAGE_FR},
        {"fr-be", KUNDIG__LANGUAGE_FR},
        {"Español", KUNDIG__LANGUAGE_ES},
        {"ESPAÑOL", KUNDIG__LANGUAGE_ES},
        {"castellano", KUNDIG__LANGUAGE_ES},
        {"es-419", KUNDIG__LANGUAGE_ES},
        {"Spanisch", KUNDIG__LANGUAGE_ES},
        {"Português", KUNDIG__LANGUAGE_PT},
        {"pt_BR", KUNDIG__LANGUAGE_PT},
        {"por", KUNDIG__LANGUAGE_PT},
        {"Portugiesisch", KUNDIG__LANGUAGE_PT},
        {"italiano", KUNDIG__LANGUAGE_IT},
        {"IT", KUNDIG__LANGUAGE_IT},
        {"ita", KUNDIG__LANGUAGE_IT},
        {"Italienisch", KUNDIG__LANGUAGE_IT},
        {"Nederlands", KUNDIG__LANGUAGE_NL},
        {"nld", KUNDIG__LANGUAGE_NL},
        {"dut", KUNDIG__LANGUAGE_NL},
        {"Niederländisch", KUNDIG__LANGUAGE_NL},
        {"NÉERLANDAIS", KUNDIG__LANGUAGE_NL},
        {"Vlaams", KUNDIG__LANGUAGE_NL},
        {"Flemish", KUNDIG__LANGUAGE_NL},
        {"nl/BE", KUNDIG__LANGUAGE_NL},
        {"", KUNDIG__LANGUAGE_UNKNOWN},
        {"unknown", KUNDIG__LANGUAGE_UNKNOWN},
        {"sv", KUNDIG__LANGUAGE_UNKNOWN},
        {"d", KUNDIG__LANGUAGE_UNKNOWN},
        {"deutschland", KUNDIG__LANGUAGE_UNKNOWN},
        {"zh-CN", KUNDIG__LANGUAGE_UNKNOWN},
        {"-de", KUNDIG__LANGUAGE_UNKNOWN},
        {"de eng", KUNDIG__LANGUAGE_UNKNOWN},
        {"\xC3", KUNDIG__LANGUAGE_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        cr_expect_eq(kundig__language_find(kundig__str(names[i].name)), names[i].language, "%s",
                     names[i].name);
    }
    cr_assert_eq(kundig__language_find(kundig__str(NULL)), KUNDIG__LANGUAGE_UNKNOWN);
    for (int language = 1; language < KUNDIG__LANGUAGE_COUNT; language++) {
        cr_assert_eq(kundig__language_find(kundig__str(kundig__language_name(language))), language);
    }
    cr_assert_str_eq(kundig__language_name(KUNDIG__LANGUAGE_UNKNOWN), "unknown");
}

Test(language, says_so_when_memory_fails)
{
    const char *text = "Eins. Zwei! Drei? Vier. Fünf. Sechs; sieben. Acht. Neun. Zehn. Elf. Zwölf. "
                       "Dreizehn. Vierzehn. Das ist nun wirklich genug. Oder? Nein. Noch nicht.";
    for (int on = 0; on < 2; on++) {
        bool done = false;
        for (size_t n = 1; !done; n++) {
            language_fixture fixture;
            text_begin(&fixture.text);
            cr_assert_eq(
                kundig__text_features(&fixture.text.scratch, text, strlen(text), KUNDIG__WORDS),
                KUNDIG_OK);
            kundig__spoken_init(&fixture.spoken, &fixture.text.mem);
            probe_shared.allocations = 0;
            probe_shared.fail_at = n;
            probe_shared.fail_on = on;
            fixture.languages = kundig__languages_new(&fixture.text.mem);
            done =
                fixture.languages && kundig__language_read(fixture.languages, &fixture.text.scratch,
                                                           text, strlen(text), &fixture.spoken);
            probe_shared.fail_at = 0;
            cr_assert(!done || fixture.spoken.language == KUNDIG__LANGUAGE_DE);
            language_end(&fixture);
            cr_assert_eq(probe_shared.live_blocks, 0);
            cr_assert_lt(n, 200);
        }
    }
}
