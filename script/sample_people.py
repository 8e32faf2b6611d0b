"""The people of the sample site, as one would write them on a board.

An account is (local part, name, what is unusual about it); an alias has its destinations between.
A destination without an @ is in the same domain. Names are real-looking, nobody is meant.
"""

SHIPPING = "nordwind.example"
BOOKSHOP = "xn--bcher-kva.example"  # bücher.example, in the spelling that mail and directory use
SCHOOL = "riverside-school.example"
MILL = "oldmill.example"

# A password is typed on a keyboard in front of a demo on loopback: one for everybody of a kind.
ADMINS_SIGN_IN_WITH = "demo-admin"
POSTMASTERS_SIGN_IN_WITH = "demo-postmaster"
PEOPLE_SIGN_IN_WITH = "demo-person"
ALIASES_SIGN_IN_WITH = "demo-alias"

# What is unusual about an entry, in the directory's own words.
SWITCHED_OFF = {"accountActive": "FALSE"}
LEAVING = {"accountActive": "FALSE", "delete": "TRUE"}
NOBODY_SIGNS_IN = {"userPassword": None}
OWNER_SIGNS_IN = {"userPassword": ALIASES_SIGN_IN_WITH}

ADMINS = ["anna", "viktor"]

DOMAINS = {
    SHIPPING: {"description": "Nordwind Shipping, Hamburg"},
    BOOKSHOP: {"description": "Bücher am Markt, Freiburg"},
    SCHOOL: {
        "description": "Riverside School: the town hall decides who has an account",
        "editAccounts": "FALSE",
        "editPostmasters": "FALSE",
    },
    MILL: {"description": "Old Mill Antiques: closed for the winter", "accountActive": "FALSE"},
}

POSTMASTERS = {
    SHIPPING: [f"ingrid.solberg@{SHIPPING}", f"kwame.mensah@{SHIPPING}"],
    BOOKSHOP: [f"lena.vogel@{BOOKSHOP}", f"ingrid.solberg@{SHIPPING}"],
    SCHOOL: [f"moira.gallagher@{SCHOOL}"],
    MILL: [f"piet.vandijk@{MILL}"],
}

ACCOUNTS = {
    SHIPPING: [
        ("ingrid.solberg", "Ingrid Solberg", {"description": "IT, room 2.14"}),
        ("kwame.mensah", "Kwame Mensah", {"description": "IT, on call at weekends"}),
        ("mateo.garcia", "Mateo García Fernández", {"quota": "2000000000S"}),
        ("soren.kjaergaard", "Søren Kjærgaard", {"quota": "10000000S"}),
        ("zofia.wisniewska", "Zofia Wiśniewska", {"quota": "15000000"}),
        ("haruka.yamada", "山田 遥", {"description": "Yokohama office"}),
        ("thi-ha.nguyen", "Nguyễn Thị Hà", {}),
        ("olena.shevchenko", "Олена Шевченко", {"description": "Odesa office"}),
        ("dimitris.papadakis", "Δημήτρης Παπαδάκης", {"description": "Piraeus office"}),
        ("layla.haddad", "ليلى حداد", {"description": "Beirut office"}),
        ("noam.levi", "נועם לוי", {"description": "Haifa office"}),
        ("aoife.obrien", "Aoife O'Brien", {}),
        ("bjork.jonsdottir", "Björk Jónsdóttir", {"quota": "2000000000S"}),
        ("tiago.conceicao", "Tiago da Conceição", {}),
        ("priya.raghunathan", "Priya Raghunathan", {"uid": "priya"}),
        ("emeka.okafor", "Emeka Okafor", {}),
        ("jonas.weber", "Jonas Weber", SWITCHED_OFF | {"description": "On leave until spring"}),
        ("gisela.brandt", "Gisela Brandt", LEAVING | {"description": "Retired"}),
        ("minh.tran", "Trần Quang Minh", {}),
        ("anais.lefebvre", "Anaïs Lefèbvre-Dubois", {"quota": "500000000S,20000C"}),
        ("ilkay.yildirim", "İlkay Yıldırım", {}),
        ("scanner", "Scanner, second floor", NOBODY_SIGNS_IN),
    ],
    BOOKSHOP: [
        ("lena.vogel", "Lena Vogel", {"description": "Owner"}),
        ("juergen.weiss", "Jürgen Weiß", {}),
        ("milos.hajek", "Miloš Hájek", {}),
        ("fatou.diallo", "Fatou Diallo", {"quota": "1000000000S"}),
        ("chiara.esposito", "Chiara Esposito", {}),
        ("stefan.groszek", "Stefan Großek", {}),
        ("readings", "Lesungen und Abende", {}),
        ("wei.zhang", "张伟", {}),
    ],
    SCHOOL: [
        ("moira.gallagher", "Moira Gallagher", {"description": "School office"}),
        ("daniel.okonkwo", "Daniel Okonkwo", {"description": "Head"}),
        ("sinead.nichonaill", "Sinéad Ní Chonaill", {}),
        ("rafael.souza", "Rafael Souza", {}),
        ("ewa.kowalczyk", "Ewa Kowalczyk", {"quota": "1000000000S"}),
        ("tane.parata", "Tāne Parata", {}),
        ("grace.wanjiru", "Grace Wanjirũ", {}),
        ("leo.marchetti", "Leo Marchetti", {}),
        ("library", "School library", {}),
    ],
    MILL: [
        ("piet.vandijk", "Piet van Dijk", {"description": "Owner"}),
        ("marijke.debruin", "Marijke de Bruin", {}),
        ("sander.hoekstra", "Sander Hoekstra", SWITCHED_OFF),
        ("workshop", "Workshop", {}),
        ("till", "The till", NOBODY_SIGNS_IN),
    ],
}

EVERYBODY = [
    "ingrid.solberg",
    "kwame.mensah",
    "mateo.garcia",
    "soren.kjaergaard",
    "zofia.wisniewska",
    "haruka.yamada",
    "thi-ha.nguyen",
    "olena.shevchenko",
    "dimitris.papadakis",
    "layla.haddad",
    "noam.levi",
    "aoife.obrien",
    "crew@ms-albatros.example",
    "harbour.office@port-of-hamburg.example",
]

ALIASES = {
    SHIPPING: [
        ("", ["ingrid.solberg"], "Whatever is addressed to nobody", {}),
        ("info", ["aoife.obrien", "mateo.garcia"], "Front desk", {}),
        ("invoices", ["zofia.wisniewska"], "Invoices", {}),
        ("jobs+2026", ["emeka.okafor"], "Applications of this year", {}),
        ("press", ["desk@agentur-hafen.example"], "Press office (an agency)", OWNER_SIGNS_IN),
        ("everybody", EVERYBODY, "Everybody ashore, the crew and the harbour office", {}),
        ("old-fax", ["scanner"], "Fax number of the old building", SWITCHED_OFF),
    ],
    BOOKSHOP: [
        ("orders", ["fatou.diallo", "juergen.weiss"], "Orders", {}),
        ("bestellung", ["orders"], "Orders, in German", {}),
        ("newsletter", ["letters@rundbrief.example"], "Goes to the mailing service", {}),
        ("events", ["readings", "lena.vogel"], "Events", {}),
    ],
    SCHOOL: [
        ("office", ["moira.gallagher"], "School office", {}),
        ("head", ["daniel.okonkwo"], "The head", {}),
        ("governors", ["daniel.okonkwo", "chair@parish.example"], "Governors", {}),
    ],
    MILL: [("hello", ["piet.vandijk"], "From the shop window", {})],
}
