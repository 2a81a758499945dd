"""Answers about a dispute are counted, and what the bank gave back is no refund that bounced."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0028_quote_steps_at_the_operations_time'),
    ]

    operations = [
        migrations.AddField(
            model_name='dispute',
            name='revision',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='payment',
            name='kind',
            field=models.CharField(choices=[('payment', 'Inbetalning'), ('refund', 'Återbetalning'), ('reversal', 'Återbetalning som inte gick igenom'), ('chargeback', 'Tagen tillbaka av köparens bank'), ('reinstated', 'Återförd av köparens bank')], default='payment', max_length=10, verbose_name='slag'),
        ),
    ]
