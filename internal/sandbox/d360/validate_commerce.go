package d360

func checkProduct(_ *checker, o *object, _ *send) {
	o.need("catalog_id").text(limitID)
	o.need("product_retailer_id").text(limitID)
	o.done()
}

func checkProductList(c *checker, o *object, _ *send) {
	o.need("catalog_id").text(limitID)
	sections := o.need("sections").list(1, limitListSections)
	items := 0
	for _, section := range sections {
		s := section.object()
		checkSectionTitle(s, len(sections))
		for _, item := range s.need("product_items").list(1, 1000) {
			items++
			p := item.object()
			p.need("product_retailer_id").text(limitID)
			p.done()
		}
		s.done()
	}
	if items > limitProductItems {
		c.refuse(131009, "Param %s has %d items in total, at most %d are allowed.", o.child("sections"), items, limitProductItems)
	}
	o.done()
}

func checkCatalog(_ *checker, o *object, _ *send) {
	o.need("name").oneOf("catalog_message")
	if v := o.maybe("parameters"); v.there {
		p := v.object()
		if id := p.maybe("thumbnail_product_retailer_id"); id.there {
			id.text(limitID)
		}
		p.done()
	}
	o.done()
}

// checkOrderDetails checks what all payment methods share: the reference, the
// currency, the total and the order's items. The payment method's own object
// differs by country and is taken as it is.
func checkOrderDetails(_ *checker, o *object, _ *send) {
	o.need("name").oneOf("review_and_pay")
	p := o.need("parameters").object()
	p.need("reference_id").text(35)
	p.need("type").oneOf("digital-goods", "physical-goods")
	p.need("currency").text(3)
	checkAmount(p.need("total_amount"))
	checkOrder(p.need("order"))
	for _, optional := range []string{"payment_configuration", "payment_type"} {
		if v := p.maybe(optional); v.there {
			v.text(limitID)
		}
	}
	if v := p.maybe("payment_settings"); v.there {
		v.list(1, 10)
	}
	if v := p.maybe("beneficiaries"); v.there {
		v.list(1, 10)
	}
	p.done()
	o.done()
}

func checkAmount(v value) {
	o := v.object()
	o.need("value").number(0, 1e15)
	o.need("offset").number(1, 1e6)
	if d := o.maybe("description"); d.there {
		d.anyText(limitFooter)
	}
	if d := o.maybe("discount_program_name"); d.there {
		d.anyText(limitFooter)
	}
	o.done()
}

func checkOrder(v value) {
	o := v.object()
	o.need("status").oneOf("pending")
	for _, item := range o.need("items").list(1, 999) {
		i := item.object()
		i.need("name").text(limitFooter)
		checkAmount(i.need("amount"))
		i.need("quantity").number(1, 1e6)
		i.maybe("retailer_id")
		if sale := i.maybe("sale_amount"); sale.there {
			checkAmount(sale)
		}
		i.maybe("country_of_origin")
		i.maybe("importer_name")
		i.maybe("importer_address")
		i.done()
	}
	checkAmount(o.need("subtotal"))
	for _, part := range []string{"tax", "shipping", "discount"} {
		if a := o.maybe(part); a.there {
			checkAmount(a)
		}
	}
	if id := o.maybe("catalog_id"); id.there {
		id.text(limitID)
	}
	if e := o.maybe("expiration"); e.there {
		checkTexts(e, "timestamp", "description")
	}
	o.done()
}

func checkOrderStatus(_ *checker, o *object, _ *send) {
	o.need("name").oneOf("review_order")
	p := o.need("parameters").object()
	p.need("reference_id").text(35)
	order := p.need("order").object()
	order.need("status").oneOf("pending", "processing", "partially-shipped", "shipped", "completed", "canceled")
	if d := order.maybe("description"); d.there {
		d.anyText(120)
	}
	order.done()
	if v := p.maybe("payment"); v.there {
		v.anything()
	}
	p.done()
	o.done()
}

func checkCarousel(c *checker, o *object, out *send) {
	for i, item := range o.need("cards").list(2, limitCarouselCards) {
		card := item.object()
		if n := card.need("card_index").index(limitCarouselCards - 1); n != i {
			c.refuse(131009, "Param %s is %d, it must count from 0.", card.child("card_index"), n)
		}
		checkCarouselCard(c, card, out)
		card.done()
	}
	o.done()
}

func checkCarouselCard(c *checker, card *object, out *send) {
	kind := card.need("type").oneOf("cta_url", "quick_reply", "product")
	if c.err != nil {
		return
	}
	if kind == "product" {
		checkProduct(c, card.need("action").object(), out)
		return
	}
	checkHeader(c, card, interactiveForm{headers: []string{"image", "video"}, header: true}, out)
	if v := card.maybe("body"); v.there {
		body := v.object()
		body.need("text").text(160)
		body.done()
	}
	action := card.need("action").object()
	if kind == "cta_url" {
		checkCTA(c, action, out)
		return
	}
	checkCarouselButtons(action, out)
}

func checkCarouselButtons(action *object, out *send) {
	for _, item := range action.need("buttons").list(1, 2) {
		b := item.object()
		b.need("type").oneOf("quick_reply")
		reply := b.need("quick_reply").object()
		id, title := reply.need("id").text(limitButtonID), reply.need("title").text(limitButtonTitle)
		reply.done()
		b.done()
		out.options = append(out.options, option{kind: "button_reply", id: id, title: title})
	}
	action.done()
}
