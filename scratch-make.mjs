import pg from 'pg'; import { readFileSync } from 'node:fs';
const S=process.env.SANDBOX??'http://localhost:4830', D=process.env.DATA??'/tmp/h11/webhooks-data';
const api=async(path,form)=>{const r=await fetch(`${S}/v1/${path}`,{method:'POST',headers:{authorization:'Bearer sk_test_browsertests','content-type':'application/x-www-form-urlencoded'},body:new URLSearchParams(form)});const t=await r.json(); if(!r.ok) throw new Error(path+JSON.stringify(t)); return t;};
const read=n=>readFileSync(`${D}/postgres/${n}`,'utf8').trim();
const c=new pg.Client({connectionString:`postgresql://credence:${encodeURIComponent(read('password'))}@127.0.0.1:${read('port')}/credence`}); await c.connect();
const product=await api('products',{name:'By hand'});
const price=await api('prices',{currency:'usd',product:product.id,'recurring[interval]':'month',unit_amount:'1900'});
const {rows}=await c.query(`SELECT s.stripe_id FROM stripe_customer s LIMIT 4`);
for(const {stripe_id} of rows){
  const pm=await api('payment_methods/pm_card_visa/attach',{customer:stripe_id});
  await api(`customers/${stripe_id}`,{'invoice_settings[default_payment_method]':pm.id});
  await api('subscriptions',{customer:stripe_id,'items[0][price]':price.id});
}
for(const a of ['1900','4900','9000']){
  try{ await api('payment_intents',{amount:a,currency:'usd',confirm:'true',payment_method:'pm_card_visa','metadata[credence_payment]':'pay_lost'+a, 'automatic_payment_methods[enabled]':'true','automatic_payment_methods[allow_redirects]':'never'});}catch(e){console.log(String(e).slice(0,300))}
}
console.log(price.id);
await new Promise(r=>setTimeout(r,5000));
console.log((await c.query(`SELECT type,status,reason FROM event WHERE status IN ('dead','quarantined')`)).rows);
await c.end();
