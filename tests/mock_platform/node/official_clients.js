// Meta's own JavaScript against the mock: node official_clients.js <base URL> <what> -> JSON.
'use strict';

const sdk = require('facebook-nodejs-business-sdk');
const { ParamBuilder } = require('capi-param-builder-nodejs');

const [base, what, argument] = process.argv.slice(2);
const DATASET = '1234567890';
const now = () => Math.floor(Date.now() / 1000);

// Unchanged but for the host.
Object.defineProperty(sdk.FacebookAdsApi, 'GRAPH', { get: () => base });
sdk.FacebookAdsApi.init('TOKEN');

function shopper() {
  return new sdk.UserData()
    .setEmails([' Jane@Example.com '])
    .setPhones(['+44 20 7946 0123'])
    .setClientUserAgent('Mozilla/5.0')
    .setClientIpAddress('192.0.2.7');
}

function purchase(userData, eventTime = now() - 5) {
  const content = new sdk.Content().setId('P1').setQuantity(1).setItemPrice(12.5);
  const customData = new sdk.CustomData()
    .setValue(12.5)
    .setCurrency('USD')
    .setOrderId('order-1')
    .setContents([content]);
  return new sdk.ServerEvent()
    .setEventName('Purchase')
    .setEventTime(eventTime)
    .setEventId('order-1')
    .setActionSource('website')
    .setEventSourceUrl('https://shop.example.com/confirmation')
    .setUserData(userData)
    .setCustomData(customData);
}

function send(event) {
  return new sdk.EventRequest('TOKEN', DATASET).setEvents([event]).execute();
}

async function builder() {
  const params = new ParamBuilder(['shop.example.com']);
  params.processRequest(
    'shop.example.com',
    { fbclid: argument },
    {},
    'https://www.example.org/?q=1',
    null,
    '8.8.8.8'
  );
  const userData = new sdk.UserData()
    .setFbc(params.getFbc())
    .setFbp(params.getFbp())
    .setClientIpAddress('192.0.2.7')
    .setClientUserAgent('Mozilla/5.0');
  const event = purchase(userData).setEventSourceUrl('https://shop.example.com/' + suffix(params));
  const body = event.normalize();
  body.user_data.em = [params.getNormalizedAndHashedPII(' Jane@Example.com ', 'email')];
  body.user_data.ph = [params.getNormalizedAndHashedPII('+44 20 7946 0123', 'phone')];
  const answer = await fetch(`${base}/v26.0/${DATASET}/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer TOKEN' },
    body: JSON.stringify({ data: [body] }),
  });
  return { ...(await answer.json()), sent: body.user_data };
}

// The mark that Parameter Builder puts behind what it hands out.
function suffix(params) {
  return '.' + params.getFbp().split('.').pop();
}

const WHAT = {
  sdk: () => send(purchase(shopper())),
  old: () => send(purchase(shopper(), 1)),
  me: () => new sdk.User('me').get(['id', 'name']),
  builder,
};

WHAT[what]().then(
  (answer) => console.log(JSON.stringify(answer)),
  (error) => {
    console.log(JSON.stringify({ name: error.name, status: error.status, body: error.response }));
    process.exitCode = 3;
  }
);
