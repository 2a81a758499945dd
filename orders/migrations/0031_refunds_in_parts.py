"""A sum that is taken from several payments is told as one."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0030_what_banks_gave_back'),
    ]

    operations = [
        migrations.AddField(
            model_name='refund',
            name='part_of',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='other_parts', to='orders.refund', verbose_name='del av'),
        ),
    ]
