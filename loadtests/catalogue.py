"""The shop's goods. GTINs start with 952, which GS1 keeps for demonstrations."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One variation; `group_id` is its base product, `dollars` its list price in the US."""

    product_id: str
    sku: str
    group_id: str
    gtin: str
    name: str
    brand: str
    category: str
    dollars: Decimal
    is_digital: bool = False


def _gtin(number: int) -> str:
    """A GTIN-13 with its check digit (GS1 General Specifications, 7.9)."""
    body = f"952{number:09d}"
    weighted = sum(int(figure) * (3 if place % 2 else 1) for place, figure in enumerate(body))
    return f"{body}{-weighted % 10}"


def _product(
    number: int, name: str, brand: str, category: str, dollars: str, *, is_digital: bool = False
) -> Product:
    return Product(
        product_id=f"7016{number:08d}M",
        sku=f"SKU-{number:05d}",
        group_id=f"25{number:06d}M",
        gtin=_gtin(number),
        name=name,
        brand=brand,
        category=category,
        dollars=Decimal(dollars),
        is_digital=is_digital,
    )


GOODS = (
    _product(42811, "Crew-neck merino jumper", "Northwind", "mens-clothing", "79.00"),
    _product(42812, "Crew-neck merino jumper, navy", "Northwind", "mens-clothing", "79.00"),
    _product(51203, "Straight-leg jeans", "Fabrikam", "womens-clothing", "64.50"),
    _product(51877, "Trail running shoes 42½", "Contoso", "shoes", "119.99"),
    _product(60019, "Crème brûlée dishes, set of 4", "Maison Litware", "kitchen", "24.95"),
    _product(60420, "Müsli bowl \N{EN DASH} hand-glazed", "Töpferei Süd", "kitchen", "17.50"),
    _product(71555, 'Monitor, 27" 4K', "Proseware", "electronics", "349.00"),
    _product(71902, "USB-C cable, 1 m", "Proseware", "electronics", "9.99"),
    _product(
        80340,
        "Tea \N{MULTIPLICATION SIGN} 3: 煎茶, ほうじ茶, 玄米茶",
        "Sencha & Sons",
        "grocery",
        "21.30",
    ),
    _product(80777, "Children's rain jacket", "Adventure Works", "kids", "45.00"),
    _product(91234, "Silver earrings <small>", "Bijou & Cie", "jewellery", "58.75"),
    _product(91999, "Sofa, three seats", "Wide World", "furniture", "1299.00"),
)
METRE_GOODS = (
    _product(33001, "Linen fabric, by the metre", "Tailspin", "fabrics", "18.40"),
    _product(33002, "Garden hose, by the metre", "Tailspin", "garden", "3.15"),
)
DIGITAL = (
    _product(22001, "E-book: Sourdough at home", "Lucerne", "e-books", "12.90", is_digital=True),
    _product(22002, "Colour grading course", "Lucerne", "courses", "89.00", is_digital=True),
)
BONUS = _product(10001, "Tote bag (free gift)", "Northwind", "bonus", "0")
