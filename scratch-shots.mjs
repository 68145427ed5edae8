import { chromium } from 'playwright-core';
const b=await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox']});
const who=process.argv[2]; const jobs=process.argv.slice(3);
const U='http://localhost:3330';
const ctx=await b.newContext({viewport:{width:1440,height:900},colorScheme:'light'});
const p=await ctx.newPage();
p.on('pageerror',e=>console.log('PAGEERROR',e.message.slice(0,300)));
await p.goto(U+'/log-in'); await p.getByLabel('E-mail').fill(who); await p.getByLabel('Password',{exact:true}).fill('credence-demo'); await p.getByRole('button',{name:'Log in'}).click(); await p.getByRole('button',{name:/^Account of/}).waitFor();
const mod=await import(process.cwd()+'/scratch-steps.mjs');
for(const j of jobs){ try { await mod[j](p,U,ctx);} catch(e){console.log(j,String(e).slice(0,600)); await p.screenshot({path:`/tmp/h11/wh-${j}-fail.png`});} }
await b.close();
