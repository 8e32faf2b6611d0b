"""The panel under attack: everybody against everything, and any text in every form.

Nothing here lists pages or forms. URLs come from the panel's own map, forms from its pages, and
what each person may see and change from slapd itself. A page that is added is attacked from then
on:

- ``people`` says who attacks, also by a session that outlived its rights;
- ``things`` says with which values: own, foreign, absent, hostile. A new parameter in a URL needs
  its own and its foreign value in tests/walk.py; a new converter that is none of Django's needs
  hostile ones in ``things.HOSTILE``;
- ``forms`` reads the forms off the pages;
- ``states`` brings about what shows a form that stands nowhere else: a code is awaited, work is
  under way. A form that no walk and no state meets fails test_any_text.py;
- ``stage`` plants marks in all entries, watches the directory and the database, and puts both back.
"""
