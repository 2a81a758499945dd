"""A step of a quote has the moment of what made it, not the wall clock's."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0027_what_the_sweep_asks_for'),
    ]

    operations = [
        migrations.AlterField(
            model_name='quotestep',
            name='at',
            field=models.DateTimeField(verbose_name='när'),
        ),
    ]
