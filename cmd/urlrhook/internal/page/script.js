'use strict';

(() => {
const PAGE = 50; // rows in an answer of the server
const MOST = 500; // rows kept: more would make the page slow

const $ = (selector, root = document) => root.querySelector(selector);
const matching = $('#matching'), filtered = $('#filtered'), filter = $('.filter');
const list = $('#list'), rows = $('#rows'), pane = $('#pane'), fresh = $('#new'), older = $('#older'), newest = $('#newest');
const keys = $('#keys'), singleKeys = $('#single-keys'), batch = $('#batch');

// Texts.

const two = n => String(n).padStart(2, '0');
const day = d => `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
const clock = d => `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;

// localise shows times, which come in UTC, in the time zone of the browser.
function localise(root) {
	for (const title of root.querySelectorAll('title[data-time]')) {
		const d = new Date(title.dataset.time);
		title.textContent = `${day(d)} ${clock(d).slice(0, 5)}${title.dataset.text}`;
	}
	for (const time of root.querySelectorAll('time')) {
		const d = new Date(time.dateTime);
		const today = day(d) === day(new Date());
		time.title = `${time.dateTime} (UTC)`;
		if ('minute' in time.dataset) time.textContent = clock(d).slice(0, 5);
		else if ('short' in time.dataset) time.textContent = today ? clock(d) : `${day(d).slice(5)} ${clock(d)}`;
		else time.textContent = `${day(d)} ${clock(d)}.${String(d.getMilliseconds()).padStart(3, '0')}`;
	}
}

const say = text => { $('#said').textContent = text; };

const count = n => `${n}${n < PAGE ? '' : ' or more'} new`; // after a full page there may be more

let said = 0; // the highest ID that was announced to screen readers
let unsaid = 0, saying = 0;

// sayNew announces new deliveries, gathered so that a screen reader is not flooded.
function sayNew(ids) {
	unsaid += ids.filter(id => id > said).length;
	said = Math.max(said, ...ids);
	if (unsaid) saying ||= setTimeout(() => {
		say(`${count(unsaid)} ${unsaid === 1 ? 'delivery' : 'deliveries'}`);
		unsaid = saying = 0;
	}, 1500);
}

// Talking to the server.

async function get(address) {
	const response = await fetch(address);
	const text = await response.text();
	if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
	if (response.headers.has('X-Matching')) matching.textContent = response.headers.get('X-Matching');
	return text;
}

// fragment turns the server's HTML, which is escaped, into elements.
function fragment(html) {
	const template = document.createElement('template');
	template.innerHTML = html;
	localise(template.content);
	return template.content;
}

async function fetchRows(query, range) {
	for (const [name, value] of Object.entries(range)) query.set(name, value);
	return [...fragment(await get(`/rows?${query}`)).children];
}

let asked = 0; // how often the filter has changed

// getRows fetches rows that match this page's filter. It returns null if the filter has changed
// before the answer arrived.
async function getRows(range) {
	const query = new URLSearchParams(location.search), mine = asked;
	for (const name of ['open', 'before', 'after']) query.delete(name);
	const page = await fetchRows(query, range);
	return mine === asked ? page : null;
}

// The list.

const isFiltered = () => !filtered.hidden;

// applyFilter shows what matches the form, and puts the filter into the address.
async function applyFilter() {
	const address = new URL(location), chosen = new URLSearchParams();
	for (const [name, value] of new FormData(filter)) if (value.trim()) chosen.set(name, value.trim());
	const open = address.searchParams.get('open'), any = chosen.size > 0;
	$('#replay-all').href = `/replay?${chosen}`;
	if (open) chosen.set('open', open);
	address.search = chosen;
	history.replaceState(history.state, '', address);
	asked++;
	const page = await getRows({});
	if (!page) return;
	filtered.hidden = $('#none-match').hidden = !any;
	$('#none-yet').hidden = any;
	show(page);
	say(any ? `${matching.textContent} match` : 'all deliveries');
	follow(); // what arrived meanwhile
}

const idOf = row => Number(row.dataset.id);
const rowOf = id => $(`li[data-id="${CSS.escape(id)}"]`, rows);
const isFocused = row => row.contains(document.activeElement);

let highest = 0; // the highest ID that has been in the list

// isHeld reports whether new rows would move what a person is looking at.
const isHeld = () => !newest.hidden || (isCovered() ? place : scrollY) > 40 || isFocused(rows);

// keepPlace keeps visible rows in place, whatever changes above them.
function keepPlace(change) {
	const seen = [...rows.children].find(row => row.getBoundingClientRect().bottom > 0);
	const before = seen?.getBoundingClientRect().top;
	change();
	if (seen?.isConnected) scrollBy(0, seen.getBoundingClientRect().top - before);
}

// replaceRow keeps the link itself, which may have the focus.
function replaceRow(old, row) {
	const link = $('a', old), other = $('a', row);
	old.dataset.answered = row.dataset.answered;
	if (link.innerHTML !== other.innerHTML) link.replaceChildren(...other.childNodes);
}

async function addNew() {
	const page = (await getRows({ after: highest }))?.filter(row => idOf(row) > highest); // the list may have been replaced meanwhile
	if (!page?.length) return;
	sayNew(page.map(idOf));
	if (isHeld()) {
		fresh.textContent = count(page.length);
		fresh.hidden = false;
		return;
	}
	for (const row of page) row.classList.add('fresh');
	if (page.length === PAGE) return show(page); // there may be more between these and the list
	rows.prepend(...page);
	highest = idOf(page[0]);
	fresh.hidden = true;
	while (rows.children.length > MOST) rows.lastElementChild.remove();
	setOlder();
}

// renew fetches the rows of the list again, page by page, because answers and replays may have changed them.
async function renew() {
	let before = rows.firstElementChild ? idOf(rows.firstElementChild) + 1 : 0;
	while (before) {
		const known = [...rows.children].filter(row => idOf(row) < before);
		const page = await getRows({ before, after: bottom() });
		if (!page) return;
		before = page.length === PAGE ? idOf(page.at(-1)) : 0;
		const missing = known.filter(row => idOf(row) >= before && !page.some(other => other.dataset.id === row.dataset.id));
		keepPlace(() => {
			page.forEach(put);
			if (isFiltered()) missing.forEach(drop);
		});
	}
	if (!older.hidden && rows.children.length < PAGE) await loadOlder(); // many rows no longer match the filter
}

// bottom returns the ID above which the list has everything that matches the filter.
const bottom = () => (older.hidden || !rows.lastElementChild ? 0 : idOf(rows.lastElementChild) - 1);

// put updates a row, or adds one that matches the filter only now.
function put(row) {
	const old = rowOf(row.dataset.id);
	if (old) replaceRow(old, row);
	else if (isFiltered() && idOf(row) > bottom()) rows.insertBefore(row, [...rows.children].find(other => idOf(other) < idOf(row)) ?? null);
}

// drop removes a row that no longer matches the filter, unless a person is using it.
function drop(row) {
	if (!isFocused(row) && row.dataset.id !== openID()) row.remove();
}

// show replaces the list by a page of rows.
function show(page) {
	rows.replaceChildren(...page);
	highest = page.length ? idOf(page[0]) : 0;
	newest.hidden = fresh.hidden = true;
	setOlder(page.length === PAGE);
	markOpen();
}

function setOlder(more = !older.hidden || rows.children.length >= PAGE) {
	older.hidden = !more;
	if (more && rows.lastElementChild) {
		const query = new URLSearchParams(location.search);
		query.delete('open');
		query.set('before', rows.lastElementChild.dataset.id);
		older.href = `/?${query}`;
	}
}

async function loadOlder() {
	const last = rows.lastElementChild;
	const page = await getRows(last ? { before: idOf(last) } : {});
	if (!page || last !== rows.lastElementChild) return; // they have been loaded already
	keepPlace(() => {
		rows.append(...page);
		if (page.length && document.activeElement === older) $('a', page[0]).focus({ preventScroll: true });
		while (rows.children.length > MOST) {
			rows.firstElementChild.remove();
			newest.hidden = false;
		}
	});
	setOlder(page.length === PAGE);
	markOpen();
	return page.length;
}

async function loadNewest() {
	const page = await getRows({}), address = new URL(location);
	if (!page) return;
	address.searchParams.delete('before');
	history.replaceState(history.state, '', address);
	show(page);
	scrollTo(0, 0);
	$('a', rows)?.focus({ preventScroll: true });
}

// The open delivery.

const openID = () => (pane && !pane.hidden ? $('.delivery', pane)?.dataset.id : undefined);

function markOpen() {
	$('a[aria-current]', rows)?.removeAttribute('aria-current');
	const row = openID() && rowOf(openID());
	if (row) $('a', row).setAttribute('aria-current', 'true');
}

// fillPane keeps an address that a person has typed for the same delivery.
function fillPane(html) {
	const content = fragment(html), typed = $('[name=url]', pane), field = $('[name=url]', content), edited = $('.edit', pane);
	const same = openID() === $('.delivery', content).dataset.id;
	pane.replaceChildren(content);
	if (same && typed && field && typed.value !== typed.defaultValue) {
		field.value = typed.value;
		aim(field.form);
	}
	if (same) keepEdit(edited, $('.edit', pane));
	pane.hidden = false;
	reveal(pane);
	markOpen();
}

// keepEdit keeps a body that a person is editing.
function keepEdit(edited, other) {
	if (!edited || !other) return;
	other.open = edited.open;
	$('textarea', other).value = $('textarea', edited).value;
}

let wanted = ''; // the delivery to open; answers for others are late
let place = 0; // the list's scroll position when a delivery replaced it, in a narrow window

const isCovered = () => !list.offsetHeight;

async function open(path, focus = true) {
	wanted = path;
	const html = await get(`${path}?pane=1`);
	if (wanted !== path) return;
	const wasOpen = Boolean(openID());
	if (!wasOpen) place = scrollY;
	fillPane(html);
	remember(openID(), wasOpen);
	pane.scrollTop = 0;
	if (isCovered()) scrollTo(0, 0);
	if (focus) pane.focus({ preventScroll: true });
}

// remember puts the open delivery into the address, so that Back closes it.
function remember(id, wasOpen) {
	const address = new URL(location);
	if (address.searchParams.get('open') === id) return; // Forward led here
	address.searchParams.set('open', id);
	history.scrollRestoration = 'manual'; // the script restores the list's place
	if (wasOpen) history.replaceState(history.state, '', address);
	else history.pushState({ opened: true }, '', address);
}

function close() {
	shut();
	if (history.state?.opened) return history.back();
	const address = new URL(location);
	address.searchParams.delete('open');
	history.replaceState(null, '', address);
}

// shut closes the open delivery. The focus goes to its row, unless j or k has already moved it to
// another one, whose delivery has not arrived yet.
function shut() {
	if (pane.hidden) return;
	const row = isFocused(rows) ? null : rowOf(openID()), covered = isCovered();
	wanted = '';
	pane.hidden = true;
	pane.replaceChildren();
	markOpen();
	if (covered) scrollTo(0, place);
	if (row) $('a', row).focus({ preventScroll: covered });
}

// renewPane shows a new answer to the open delivery, whatever the filter, unless a person is busy there.
async function renewPane() {
	const id = openID(), scrolled = pane.scrollTop;
	const [row] = id ? await fetchRows(new URLSearchParams(), { after: id - 1, before: Number(id) + 1 }) : [];
	if (!row) return;
	if (rowOf(id)) replaceRow(rowOf(id), row);
	if (row.dataset.answered === $('.delivery', pane)?.dataset.answered) return;
	const html = await get(`/deliveries/${id}?pane=1`);
	if (openID() !== id || (document.activeElement !== pane && isFocused(pane))) return;
	fillPane(html);
	pane.scrollTop = scrolled;
}

async function replay(form, submitter) {
	const button = $('button.main', form), id = openID();
	if (button.disabled) return; // one at a time
	button.disabled = true;
	say('sending');
	try {
		const html = await post(form, submitter);
		if (openID() !== id) return; // another delivery has been opened
		fillPane(html);
		$('.replay .main', pane).focus({ preventScroll: true });
		say($('[role=alert]:not([hidden])', pane)?.textContent ?? `Answer: ${$('.replays .outcome', pane)?.textContent ?? 'none'}`);
	} catch (error) {
		const problem = $('[role=alert]', form.parentElement);
		problem.textContent = `Not replayed: ${error.message}`;
		problem.hidden = false;
	} finally {
		button.disabled = false;
	}
}

// post sends a form and returns the server's HTML: the result, or the form with an error.
async function post(form, submitter) {
	const body = new URLSearchParams(new FormData(form, submitter));
	body.set('pane', '1');
	const response = await fetch(form.action, { method: 'POST', body });
	const text = await response.text();
	if ([200, 400, 502].includes(response.status)) return text;
	throw new Error(response.headers.get('Content-Type').startsWith('text/plain') ? text : response.statusText);
}

// Replaying all that the filter matches.

async function openBatch(link) {
	fillBatch(await get(`${link.href}&pane=1`));
	batch.showModal();
}

function fillBatch(html) {
	batch.replaceChildren(fragment(html));
	reveal(batch);
}

let stopped = false;

// replayBatches sends one batch after another, until none is left, one fails, or a person stops it.
async function replayBatches(form) {
	stopped = false;
	do {
		form.classList.add('running');
		$('button.main', form).disabled = true;
		$('[data-stop]', form).hidden = false;
		$('[data-stop]', form).focus();
		const html = await post(form);
		if (!batch.open) return;
		fillBatch(html);
		form = $('form', batch);
		say(`${$('#batch-title').textContent}: ${$('.outcome', form)?.textContent ?? ''}`);
	} while (!stopped && Number(form.dataset.left) && $('[role=alert]', form).hidden);
	$('button:not([hidden])', form).focus();
}

async function startBatch(form) {
	try {
		await replayBatches(form);
	} catch (error) {
		stopped = true;
		const problem = $('[role=alert]', batch);
		problem.textContent = `Not replayed: ${error.message}`;
		problem.hidden = false;
		$('[data-stop]', batch).hidden = true;
		$('button.main', batch).disabled = false;
	}
}

// reveal shows what works only with this script.
function reveal(root) {
	for (const element of root.querySelectorAll('#help, #live, [data-copy], button[data-text], [data-close], [data-dismiss]')) element.hidden = false;
}

const quote = s => `'${s.replaceAll("'", "'\\''")}'`; // for a shell

// aim puts the form's address into the curl command, without a masked password: see curl.go.
function aim(form) {
	const pre = $('.curl pre', form.parentElement), target = quote(form.elements.url.value.replace(/^(https?:\/\/)[^/?#@]*:xxxxx@/, '$1'));
	pre.textContent = pre.textContent.replace(`--globoff ${pre.dataset.target}`, () => `--globoff ${target}`);
	pre.dataset.target = target;
}

async function copy(button) {
	const pre = $('.curl pre', button.closest('.delivery'));
	if (!button.form.reportValidity()) return;
	try {
		await navigator.clipboard.writeText(pre.textContent);
		button.textContent = 'Copied';
		say('copied');
	} catch { // not allowed, or no HTTPS: select the text instead
		pre.parentElement.open = true;
		getSelection().selectAllChildren(pre);
	}
}

async function copyText(button) {
	try {
		await navigator.clipboard.writeText(button.dataset.text);
		button.textContent = 'Copied';
		say('copied');
	} catch {
		say('the browser does not allow copying: select the text below');
	}
}

// Changes that the server announces.

let process, latest = 0;
let source, busy = false, again = false, charted = 0, chartTimer = 0, renewAt = 0, renewTimer = 0;

function connect() {
	source = new EventSource('/events');
	source.onerror = () => setLive(source.readyState === EventSource.CLOSED ? 'stopped: reload the page' : 'reconnecting', false);
	source.addEventListener('state', event => {
		const state = JSON.parse(event.data);
		setLive('live', true);
		showTotals(state);
		if (process && process !== state.process) return get('/').then(() => location.reload(), () => {}); // its database, tokens and script may differ
		({ process, latest } = state);
		follow();
		chartTimer ||= setTimeout(updateChart, charted + 2000 - Date.now()); // not for every delivery
	});
}

function showTotals(state) {
	for (const name of ['total', 'failed', 'accepted']) $(`#${name}`).textContent = state[name];
	const failed = $('#failed-link');
	if (state.failed) failed.href = failed.dataset.href;
	else failed.removeAttribute('href');
	$('#accepted-link').hidden = !state.accepted;
}

function setLive(text, on) {
	$('#gone').hidden = on;
	$('#live').textContent = text;
	$('#live').classList.toggle('on', on);
}

// follow updates the list and the open delivery, one after the other, and again after further changes.
async function follow() {
	again = true;
	if (busy) return;
	busy = true;
	try {
		while (again) {
			again = false;
			if (latest > highest) await addNew();
			await renewInTime();
			await renewPane();
		}
	} catch {
		// Disconnected. The stream says so, and sends a state when it is back.
	} finally {
		busy = false;
	}
}

// renewInTime renews the list, and the longer that takes, the less often.
async function renewInTime() {
	const start = Date.now();
	if (start < renewAt) {
		renewTimer ||= setTimeout(() => { renewTimer = 0; follow(); }, renewAt - start);
		return;
	}
	await renew();
	const end = Date.now();
	renewAt = end + Math.max(500, 10 * (end - start));
}

async function updateChart() {
	charted = Date.now();
	chartTimer = 0;
	await get('/chart').then(html => $('#chart').replaceChildren(fragment(html)), () => {}); // it stays as it is if disconnected
}

// Keyboard and mouse.

function move(step) {
	const links = [...rows.querySelectorAll('a')];
	const at = links.indexOf(document.activeElement.closest('#rows a') ?? $('a[aria-current]', rows));
	const next = links[at < 0 ? 0 : Math.min(Math.max(at + step, 0), links.length - 1)];
	next?.focus({ preventScroll: true });
	next?.scrollIntoView({ block: 'nearest' });
	if (next && openID()) open(next.pathname, false).catch(() => {}); // the stream says if the server is unreachable
}

const actions = {
	j: () => move(1),
	k: () => move(-1),
	'/': () => $('input[name=q]').select(),
	'?': () => keys.showModal(),
	r: () => $('.replay')?.requestSubmit(),
	Escape: () => close(),
};

function pressed(event) {
	if (!keys || event.ctrlKey || event.metaKey || event.altKey || $('dialog[open]') || (event.key.length === 1 && !singleKeys.checked)) return;
	if (event.key === 'r' && (event.repeat || !event.target.closest('#pane, .alone'))) return; // it sends something, so not by accident
	if (event.target.closest('input, select, textarea')) {
		if (event.key === 'Escape') event.target.blur();
		return;
	}
	let key = event.key;
	if (!event.target.closest('pre, #pane, .scroll')) key = { ArrowDown: 'j', ArrowUp: 'k' }[key] ?? key;
	const needsList = 'jk/'.includes(key) || key === 'Escape';
	if (!Object.hasOwn(actions, key) || (needsList && !list) || (key === 'Escape' && pane.hidden)) return;
	event.preventDefault();
	actions[key]();
}

function clicked(event) {
	const target = event.target.closest('a, button');
	if (!target || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
	if (target.id === 'help') keys.showModal();
	else if ('copy' in target.dataset) copy(target);
	else if ('text' in target.dataset) copyText(target);
	else if (list) clickedInList(event, target);
}

function clickedInList(event, target) {
	const act = target === fresh || target === newest ? loadNewest
		: target === older ? () => loadOlder().then(n => say(`${n ?? 0} older deliveries`))
		: 'close' in target.dataset ? close
		: target.id === 'replay-all' ? () => openBatch(target)
		: 'stop' in target.dataset ? () => { stopped = true; target.disabled = true; }
		: 'dismiss' in target.dataset ? () => batch.close()
		: target.closest('#rows') ? () => open(target.pathname)
		: null;
	if (!act) return;
	event.preventDefault();
	Promise.resolve(act()).catch(() => { if (target.href) location = target.href; });
}

addEventListener('keydown', pressed);
addEventListener('click', clicked);
addEventListener('input', event => { if (event.target.matches('.replay [name=url]')) aim(event.target.form); });
localise(document);
reveal(document);
try { singleKeys.checked = localStorage.getItem('single-keys') !== 'off'; } catch { /* the browser stores nothing for this site */ }
singleKeys?.addEventListener('change', () => {
	try { localStorage.setItem('single-keys', singleKeys.checked ? 'on' : 'off'); } catch { /* lasts until the page is reloaded */ }
});

if (list) {
	highest = said = rows.firstElementChild ? idOf(rows.firstElementChild) : 0;
	markOpen();
	$('a[aria-current]', rows)?.scrollIntoView({ block: 'nearest' });
	connect();
	addEventListener('popstate', () => { // Back or Forward
		const id = new URLSearchParams(location.search).get('open');
		if (id) open(`/deliveries/${id}`).catch(() => location.reload());
		else shut();
	});
	$('button', filter).hidden = true; // the filter acts at once
	let typing = 0;
	batch.addEventListener('close', () => { stopped = true; });
	const later = delay => { clearTimeout(typing); typing = setTimeout(() => applyFilter().catch(() => filter.submit()), delay); };
	filter.addEventListener('input', event => later(event.target.matches('input') ? 200 : 0));
	setInterval(updateChart, 30000); // also without deliveries
	addEventListener('submit', event => {
		if (event.target === filter) {
			event.preventDefault();
			later(0);
		}
		const act = event.target.matches('.pane .replay') ? replay : event.target.matches('#batch .batch') ? startBatch : null;
		if (!act) return;
		event.preventDefault();
		act(event.target, event.submitter);
	});
	document.addEventListener('visibilitychange', () => { // browsers limit connections, and a stream takes one
		source.close();
		if (!document.hidden) connect();
	});
}
})();
