from shop.models.company import Company
from shop.models.freight import FreightMethod, FreightPrice
from shop.models.product import PriceStep, Product, VatShare
from shop.models.stock import StockLevel, StockMovement
from shop.models.terms import Terms

__all__ = [
    "Company",
    "FreightMethod",
    "FreightPrice",
    "PriceStep",
    "Product",
    "StockLevel",
    "StockMovement",
    "Terms",
    "VatShare",
]
