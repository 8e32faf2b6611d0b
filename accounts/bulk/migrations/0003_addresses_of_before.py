from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bulk", "0002_first_mails"),
    ]

    operations = [
        migrations.AddField(
            model_name="part",
            name="left_out",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="part",
            name="anyway",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
