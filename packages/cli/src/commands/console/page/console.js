// The console's page: it holds what it got for the word in its address in memory, draws frames from
// memory, and keeps nothing.
const byId = (id) => document.getElementById(id);
const canvas = document.querySelector('canvas');
let token = '';
let reading;
let current = 0;

async function ask(method, path, body) {
  const reply = await fetch(path, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (reply.ok) return reply;
  throw new Error((await reply.json()).says);
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function button(text, act) {
  const made = element('button', text);
  made.type = 'button';
  made.addEventListener('click', () => saying(act));
  return made;
}

async function saying(act) {
  try {
    byId('says').textContent = '';
    await act();
  } catch (error) {
    byId('says').textContent = error.message;
  }
}

async function home() {
  const { who, readable, waiting } = await (await ask('GET', '/api/home')).json();
  byId('who').textContent = who;
  const rows = readable.map((one) => {
    const raw = one.segment && one.grant ? 'RAW: ' : '';
    const row = element('li', `${raw}${one.segment ?? one.trajectory}, ${one.says} `);
    row.append(button('Read', () => open(one)));
    return row;
  });
  const list = byId('readable').querySelector('ul');
  list.replaceChildren(...(rows.length > 0 ? rows : [element('li', 'Nothing at the moment.')]));
  const questions = waiting.flatMap(({ grant, digest, prompt }) => [
    element('pre', prompt),
    button('Approve', async () => {
      await ask('POST', '/api/approvals', { grant, digest });
      await home();
    }),
  ]);
  byId('waiting').replaceChildren(element('h2', 'Waiting for your decision'), ...questions);
  byId('waiting').hidden = questions.length === 0;
}

async function open({ trajectory, segment, grant }) {
  await close();
  reading = await (await ask('POST', '/api/readings', { trajectory, segment, grant })).json();
  byId('instruction').textContent = reading.instruction || trajectory || segment;
  byId('actions').replaceChildren(...reading.actions.map((one) => element('li', words(one))));
  byId('reading').hidden = false;
  byId('close').focus();
  await show(0);
}

async function close() {
  byId('reading').hidden = true;
  canvas.getContext('2d').clearRect(0, 0, canvas.width, canvas.height);
  if (reading) await ask('DELETE', `/api/readings/${reading.id}`);
  reading = undefined;
}

function words({ kind, text, keys, x, y }) {
  const what = text ?? (keys ?? []).join('+');
  const where = x === undefined ? '' : ` at ${x}, ${y}`;
  return `${kind}${what ? ` ${what}` : ''}${where}`;
}

async function show(at) {
  if (!reading) return;
  current = Math.max(0, Math.min(at, Math.max(reading.actions.length - 1, 0)));
  for (const [place, row] of [...byId('actions').children].entries()) {
    if (place === current) row.setAttribute('aria-current', 'true');
    else row.removeAttribute('aria-current');
  }
  byId('actions').children[current]?.scrollIntoView({ block: 'nearest' });
  const wanted = reading.actions[current]?.frame;
  const frame = reading.frames.findIndex(({ id }) => id === wanted);
  const place = wanted ? frame : reading.actions.length === 0 ? 0 : -1;
  if (place >= 0 && place < reading.frames.length) await draw(place, current);
}

async function draw(place, at) {
  const reply = await ask('GET', `/api/readings/${reading.id}/frames/${place}`);
  const picture = await createImageBitmap(await reply.blob());
  if (at !== current) return;
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext('2d').drawImage(picture, 0, 0);
  picture.close();
}

const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

document.addEventListener('keydown', (event) => {
  const step = steps[event.key];
  if (!reading || step === undefined) return;
  event.preventDefault();
  saying(() => show(current + step));
});
byId('close').addEventListener('click', () => saying(close));

saying(async () => {
  const word = location.hash.slice(1);
  history.replaceState(null, '', '/');
  token = (await (await ask('POST', '/api/enter', { word })).json()).token;
  await home();
});
