#include "personal_cases.h"

TestSuite(personal_names, .fini = probe_fini);

Test(personal_names, stops_before_ordinary_words)
{
    personal_finds("Frau {name:Müller} hat");
    personal_finds("Frau {name:Müller} Hat Nicht");
    personal_finds("Mr {name:Smith} Was Late");
    personal_finds("Herr {name:Beck}. Danke");
    personal_finds("Herr {name:Beck}\\nDanke");
    personal_finds("Frau\\nMüller");
}

Test(personal_names, keeps_particles_initials_and_hyphens)
{
    personal_finds("Herr von und zu");
    personal_finds("Herr {name:K. F. von der Heide} kam");
    personal_finds("Ms {name:O'Neil-Poe} x");
}

Test(personal_names, leaves_titles_and_genitives_outside)
{
    personal_finds("Herr Prof. Dr. med. {name:Roth} x");
    personal_finds("Mr {name:Smith}'s x");
    personal_finds("Mr {name:Smith}’s x");
}

Test(personal_names, believes_weak_cues_only_with_given_names)
{
    personal_finds("Dear {name:Emma} x");
    personal_finds("Dear Enterprise x");
    personal_finds("I am {name:Emma} x");
    personal_finds("I am Enterprise x");
    personal_finds("this is {name:Emma} x");
    personal_finds("Thanks {name:Emma} x");
    personal_finds("Thanks Enterprise x");
}

Test(personal_names, reads_signatures_at_the_end_of_a_line)
{
    personal_finds("Gruß\\n{name:Zorro Blank}");
    personal_finds("Gruß\\n{name:Zorro} 😀\\nmore");
    personal_finds("Gruß\\nZorro kam zurück");
    personal_finds("Kind regards,\\r\\n{name:Zorro Blank}\\r\\n");
}
