"""What the columns of a table are called, by people and by other programs."""

import re
import unicodedata

ACCOUNTS, ALIASES = "accounts", "aliases"

# The first name is what our own exports call it. Capitals, accents and hyphens make no difference.
NAMES = {
    "address": (
        *("address", "mail", "email", "email address", "mail address", "mailaddress"),
        *("user", "username", "user name", "login", "account", "mailbox", "local part"),
        *("user principal name", "alias", "alias name", "source", "from"),
        *("e-mail-adresse", "mailadresse", "adresse", "benutzername", "benutzer", "postfach"),
        *("adresse e-mail", "adresse mail", "courriel", "utilisateur", "correo", "usuario"),
        *("correo electrónico", "dirección", "dirección de correo", "indirizzo", "utente"),
        *("indirizzo e-mail", "e-mailadres", "mailadres", "adres", "gebruikersnaam"),
        *("endereço", "endereço de e-mail", "adres e-mail", "użytkownik"),
    ),
    "full_name": (
        *("name", "full name", "fullname", "display name", "displayname", "cn", "real name"),
        *("realname", "person", "anzeigename", "nom complet", "nombre completo", "naam"),
        *("nome completo", "weergavenaam", "imię i nazwisko"),
    ),
    "first_name": (
        *("first name", "firstname", "given name", "givenname", "forename", "vorname"),
        *("prénom", "nombre", "nome", "voornaam", "imię"),
    ),
    "last_name": (
        *("last name", "lastname", "surname", "family name", "sn", "nachname", "familienname"),
        *("nom", "nom de famille", "apellido", "apellidos", "cognome", "achternaam", "sobrenome"),
        *("apelido", "nazwisko"),
    ),
    "password": (
        *("password", "passwd", "pass", "initial password", "new password", "passwort"),
        *("kennwort", "mot de passe", "contraseña", "wachtwoord", "senha", "hasło"),
    ),
    "quota": (
        *("quota", "mailbox quota", "mailquota", "storage", "limit", "speicherplatz", "kontingent"),
        *("cuota", "cota"),
    ),
    "description": (
        *("note", "notes", "description", "comment", "comments", "remark", "remarks"),
        *("bemerkung", "bemerkungen", "notiz", "kommentar", "beschreibung", "remarque"),
        *("commentaire", "nota", "notas", "comentario", "commento", "opmerking", "uwagi"),
    ),
    "active": (
        *("active", "enabled", "aktiv", "actif", "activo", "attivo", "actief", "ativo", "aktywny"),
    ),
    "destinations": (
        *("destinations", "destination", "delivers to", "sends to", "send mail to", "goes to"),
        *("goto", "target", "targets", "forward", "forwards", "forward to", "forwards to"),
        *("to", "maildrop", "recipient", "recipients", "member", "members", "ziel", "ziele"),
        *("zieladresse", "zieladressen", "weiterleitung", "weiterleitung an", "empfänger"),
        *("destinataire", "destinataires", "redirection", "destino", "destinos", "bestemming"),
        *("destinatario", "destinatari", "destinazione", "bestemmingen", "destinatários"),
    ),
    "kind": ("kind",),
}
# What each kind of row can use.
USED = {
    ACCOUNTS: (
        *("address", "full_name", "first_name", "last_name", "password"),
        *("quota", "description", "active"),
        # Only to tell that a row belongs among the aliases.
        *("destinations", "kind"),
    ),
    ALIASES: (
        *("address", "destinations", "full_name", "first_name", "last_name"),
        *("description", "active", "kind"),
    ),
}
# What must be there.
NEEDED = {ACCOUNTS: ("address",), ALIASES: ("address", "destinations")}

# Google and Microsoft write "Password [Required]"; others "E-mail", "full_name", "Destination 2".
IN_BRACKETS = re.compile(r"[\[(][^\])]*[\])]")
BETWEEN_WORDS = re.compile(r"[\W_]+")
NUMBERED = re.compile(r"(.*\D) ?\d{1,3}")


def spelt(words):
    """Small letters without accents, one blank between words: as they are compared."""
    letters = unicodedata.normalize("NFKD", IN_BRACKETS.sub(" ", words.lower()))
    plain = "".join(one for one in letters if not unicodedata.combining(one))
    return BETWEEN_WORDS.sub(" ", plain).strip().replace("e mail", "email")


FIELD_OF = {spelt(spelling): field for field, spellings in NAMES.items() for spelling in spellings}


def field_of(heading, kind):
    """What a heading means for this kind of row, or "" where it means nothing."""
    words = spelt(heading)
    field = FIELD_OF.get(words, "")
    if not field and (numbered := NUMBERED.fullmatch(words)):
        # Several columns of destinations, and nothing else, may be counted.
        field = FIELD_OF.get(numbered[1].strip(), "")
        field = field if field == "destinations" else ""
    return field if field in USED[kind] else ""
