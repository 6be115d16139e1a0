"""A small shop whose pages carry a pixel, so that browser and server events can meet here."""

import secrets
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

DATASET_DEFAULT = "1234567890"  # the bridge's own default, when nothing is set
_SEE_OTHER = 303

blueprint = Blueprint("shop", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """Something to buy."""

    id: str
    name: str
    price: str
    currency: str = "EUR"


PRODUCTS = (
    Product(id="LAMP-1", name="Reading lamp", price="89.00"),
    Product(id="CUP-4", name="Four cups", price="36.50"),
    Product(id="RUG-2", name="Small rug", price="149.00"),
)


@blueprint.get("/shop")
def show() -> str:
    """The shelf."""
    return render_template("page/shop.html", products=PRODUCTS, dataset=DATASET_DEFAULT)


@blueprint.post("/shop/orders")
def buy() -> Response:
    """Take an order, under the number given or a new one, and go to its confirmation."""
    number = request.form.get("order", "").strip() or f"SHOP-{secrets.token_hex(3).upper()}"
    place = url_for(
        "page.shop.confirmation",
        order=number,
        product=request.form.get("product", ""),
        dataset=request.form.get("dataset", "").strip() or DATASET_DEFAULT,
    )
    return redirect(place, _SEE_OTHER)


@blueprint.get("/shop/confirmation")
def confirmation() -> str:
    """The confirmation page, whose pixel reports the purchase as the browser of a shopper does."""
    by_id = {product.id: product for product in PRODUCTS}
    product = by_id.get(request.args.get("product", ""))
    order = request.args.get("order", "")
    if product is None or not order:
        abort(404, "There is no such order. Buy something in the shop first.")
    return render_template(
        "page/confirmation.html",
        product=product,
        order=order,
        dataset=request.args.get("dataset", DATASET_DEFAULT),
    )
