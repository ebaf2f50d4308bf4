-- A jurisdiction was free text: what only lacks capitals gets them, and what names no place of ISO 3166 is none.
do $$
declare
  place constant text := '^[A-Z]{2}(-[A-Z0-9]{1,3})?$';
  shop record;
begin
  for shop in
    select shop_id, jurisdiction, upper(trim(jurisdiction)) as typed from shops where jurisdiction !~ place
  loop
    update shops set jurisdiction = case when shop.typed ~ place then shop.typed end where shops.shop_id = shop.shop_id;
    if shop.typed !~ place then
      raise warning 'The shop % has no jurisdiction any more: "%" is no country or region of ISO 3166, such as US-CA. '
        'Set it again with: npm run shops -- set % jurisdiction <country or region>',
        shop.shop_id, shop.jurisdiction, shop.shop_id;
    end if;
  end loop;
end $$;

-- What becomes of what a rule of law stands against. The rules themselves are code, in domain/law.
alter table shops
  add column against_law text not null default 'warned' check (against_law in ('warned', 'refused')),
  add check (jurisdiction ~ '^[A-Z]{2}(-[A-Z0-9]{1,3})?$');

-- An issue that a law stood against is remembered too, and names no payment: there is none.
alter table request_keys drop constraint request_keys_check;
