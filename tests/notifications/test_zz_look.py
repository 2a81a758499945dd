import pathlib, tomllib
import pytest
from tests.factories import *
from notifications.models import Message
from notifications import mail
from orders import receipts
pytestmark = [pytest.mark.django_db, pytest.mark.urls("lurls")]
OUT = pathlib.Path("/tmp/letters-helper/look"); OUT.mkdir(exist_ok=True)

def real_terms():
    t = tomllib.loads(pathlib.Path("cms/seed/content/leveranstexter.toml").read_text())
    k = tomllib.loads(pathlib.Path("cms/seed/content/sidor/kopvillkor.toml").read_text())
    body = "".join(b["html"] for b in k["body"])
    return Terms.objects.create(version=t["version"], language="sv", valid_from=LONG_AGO, body=body, withdrawal_info=t["withdrawal_info"], model_form=t["model_form"])

def write(name, message):
    m = mail.build(message)
    html = m.alternatives[0][0]
    (OUT/f"{name}.html").write_text(html); (OUT/f"{name}.txt").write_text(m.subject+"\n\n"+m.body)
    for a in m.attachments:
        if isinstance(a.content, bytes): (OUT/f"{name}-{a.filename}").write_bytes(a.content)
    print(name, m.subject, len(html.encode()), len(m.body.encode()), [(a.filename, len(a.content)) for a in m.attachments], m.reply_to, m.from_email)

def test_look():
    CompanyFactory(); real_terms(); FreightFactory()
    from shop.models import FreightMethod
    FreightMethod.objects.update(hint="Levereras inom 2–4 vardagar")
    order = OrderFactory(lines={"SKRIFTEN": 30, "DET-GODA-VARDSKAPET": 1}, sent=True)
    write("paid", Message.objects.get(letter="order-confirmation", about=order.number))
    write("sent", Message.objects.get(letter="sent"))
    inv = OrderFactory(lines={"SKRIFTEN": 250, "VARDSKAP-I-PRAKTIKEN": 1}, on_invoice=True, paid=False, purchase_order="PO-4711", peppol_id="0007:2129990004")
    write("invoice", Message.objects.get(letter="order-confirmation", about=inv.number))
    pay(inv, ore=500000); pay(inv, at=NOON.replace(day=25))
    for n, m in enumerate(Message.objects.filter(letter="payment-received").order_by("pk")): write(f"received{n}", m)
    from orders import withdrawals
    withdrawals.withdraw(withdrawals.Statement("Karin Ek", order.number, "karin@bjorkvik.example", "1 × Det goda\nvärdskapet"), now=NOON)
    write("withdrawal", Message.objects.get(letter="withdrawal-receipt"))
