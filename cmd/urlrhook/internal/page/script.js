'use strict';

(() => {
const PAGE = 50; // rows in an answer of the server
const MOST = 500; // rows kept: more would make the page slow

const $ = (selector, root = document) => root.querySelector(selector);
const matching = $('#matching'); // only if there is a filter
const list = $('#list'), rows = $('#rows'), pane = $('#pane'), fresh = $('#new'), older = $('#older'), keys = $('#keys');
const wide = matchMedia('(min-width: 64rem)');
let cut = false; // the newest rows were dropped, to make room for older ones

// Text for people.

const two = n => String(n).padStart(2, '0');
const day = d => `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
const clock = d => `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;

// localise shows times in the time zone of the browser. They come in UTC.
function localise(root) {
	for (const time of root.querySelectorAll('time')) {
		const d = new Date(time.dateTime);
		const today = day(d) === day(new Date());
		const full = `${day(d)} ${clock(d)}.${String(d.getMilliseconds()).padStart(3, '0')}`;
		time.title = `${time.dateTime} (UTC)`;
		if ('minute' in time.dataset) time.textContent = clock(d).slice(0, 5);
		else if ('short' in time.dataset) time.textContent = today ? clock(d) : `${day(d).slice(5)} ${clock(d)}`;
		else time.textContent = full;
	}
}

let unsaid = 0, saying = 0;
const say = text => { $('#said').textContent = text; };

// sayNew gathers, so that a screen reader is not flooded.
function sayNew(n) {
	unsaid += n;
	saying ||= setTimeout(() => {
		say(unsaid === 1 ? '1 new delivery' : `${unsaid} new deliveries`);
		unsaid = saying = 0;
	}, 1500);
}

// Talking to the server.

async function get(address) {
	const response = await fetch(address);
	const text = await response.text();
	if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
	if (matching && response.headers.has('X-Matching')) matching.textContent = response.headers.get('X-Matching');
	return text;
}

// fragment makes elements of HTML that the server has escaped.
function fragment(html) {
	const template = document.createElement('template');
	template.innerHTML = html;
	localise(template.content);
	return template.content;
}

// getRows asks for rows by the filter of this page.
async function getRows(range, query = new URLSearchParams(location.search)) {
	for (const name of ['open', 'before', 'after']) query.delete(name);
	for (const [name, value] of Object.entries(range)) query.set(name, value);
	return [...fragment(await get(`/rows?${query}`)).children];
}

// The list.

const idOf = row => Number(row.dataset.id);
const rowOf = id => $(`li[data-id="${CSS.escape(id)}"]`, rows);

// isHeld tells whether new rows would move what somebody is looking at.
const isHeld = () => 'held' in list.dataset || cut || scrollY > 40;

// replaceRow keeps the link itself: it may have the focus.
function replaceRow(old, row) {
	if ('pending' in old.dataset && !('pending' in row.dataset) && openID() === old.dataset.id) updatePane().catch(() => {});
	old.toggleAttribute('data-pending', row.hasAttribute('data-pending'));
	$('a', old).replaceChildren(...$('a', row).childNodes);
}

async function updateRow(id) {
	const [row] = await getRows({ after: id - 1, before: id + 1 }, new URLSearchParams());
	const old = rowOf(id);
	if (row && old) replaceRow(old, row);
}

// refresh gets what is not in the list yet, and the answers that were still to come. Without a filter, only what is newer can be missing; an
// answer may let a filter choose an older one too.
async function refresh() {
	const top = [...rows.children].slice(0, PAGE);
	const pending = top.filter(row => 'pending' in row.dataset).map(idOf);
	const newest = top.length ? idOf(top[0]) : 0;
	const got = await getRows(matching ? {} : { after: Math.min(newest, ...pending.map(id => id - 1)) });
	const oldest = older.hidden ? 0 : idOf(rows.lastElementChild);
	const known = matching ? oldest : newest;
	const unknown = got.filter(row => !rowOf(row.dataset.id) && idOf(row) > known);
	for (const row of got) {
		const old = rowOf(row.dataset.id);
		if (old) replaceRow(old, row);
	}
	const seen = new Set(got.map(idOf));
	await Promise.all(pending.filter(id => !seen.has(id)).slice(0, 10).map(updateRow)); // no filter chooses them any more
	if (unknown.length) grow(unknown);
}

function grow(unknown) {
	const all = unknown.length < PAGE; // else there are more between them and those in the list
	sayNew(unknown.length);
	if (isHeld()) {
		fresh.textContent = `${unknown.length}${all ? '' : ' or more'} new`;
		fresh.hidden = false;
		return;
	}
	for (const row of unknown) row.classList.add('fresh');
	if (all) unknown.forEach(insert);
	else show(unknown);
	while (rows.children.length > MOST) rows.lastElementChild.remove();
	setOlder();
}

const insert = row => rows.insertBefore(row, [...rows.children].find(other => idOf(other) < idOf(row)) ?? null);

// show puts a page of rows in place of the list.
function show(page) {
	rows.replaceChildren(...page);
	cut = false;
	fresh.hidden = true;
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
	const page = await getRows({ before: rows.lastElementChild.dataset.id });
	rows.append(...page);
	if (page.length && document.activeElement === older) $('a', page[0]).focus({ preventScroll: true });
	const place = rows.lastElementChild.getBoundingClientRect().top;
	while (rows.children.length > MOST) {
		rows.firstElementChild.remove();
		cut = true;
	}
	scrollBy(0, rows.lastElementChild.getBoundingClientRect().top - place);
	setOlder(page.length === PAGE);
	markOpen();
	say(`${page.length} older deliveries`);
}

async function loadNewest() {
	const page = await getRows({});
	const address = new URL(location);
	address.searchParams.delete('before');
	history.replaceState(null, '', address);
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

function fillPane(html) {
	pane.replaceChildren(fragment(html));
	pane.hidden = false;
	reveal(pane);
	markOpen();
}

let wanted = ''; // the last one asked for: an earlier answer may come later

async function open(link) {
	wanted = link.pathname;
	const html = await get(`${link.pathname}?pane=1`);
	if (wanted !== link.pathname) return;
	fillPane(html);
	remember(openID());
	pane.scrollTop = 0;
	pane.focus({ preventScroll: true });
}

// updatePane shows the answer that has come, but takes nothing away from somebody who is busy there.
async function updatePane() {
	const id = openID(), top = pane.scrollTop;
	const html = await get(`/deliveries/${id}?pane=1`);
	if (openID() !== id || (document.activeElement !== pane && pane.contains(document.activeElement))) return;
	fillPane(html);
	pane.scrollTop = top;
}

function close() {
	const row = openID() && rowOf(openID());
	wanted = '';
	pane.hidden = true;
	pane.replaceChildren();
	markOpen();
	remember();
	if (row) $('a', row).focus();
}

function remember(id) {
	const address = new URL(location);
	if (id) address.searchParams.set('open', id);
	else address.searchParams.delete('open');
	history.replaceState(null, '', address);
}

async function replay(form) {
	const button = $('button.main', form), id = openID();
	if (button.disabled) return; // one at a time
	button.disabled = true;
	say('sending');
	try {
		const html = await post(form);
		if (openID() !== id) return; // another one was opened meanwhile
		const target = form.elements.url.value;
		fillPane(html);
		const again = $('.replay', pane);
		again.elements.url.value = target;
		$('button.main', again).focus({ preventScroll: true });
		say($('[role=alert]', pane)?.textContent ?? `Answer: ${$('.outcome', pane)?.textContent ?? 'none'}`);
		await updateRow(Number(id));
	} catch (error) {
		complain(form, `Not replayed: ${error.message}`);
	} finally {
		button.disabled = false;
	}
}

// post sends a form, and returns the delivery as it is then. An answer that is no page is a refusal.
async function post(form) {
	const body = new URLSearchParams(new FormData(form));
	body.set('pane', '1');
	const response = await fetch(form.action, { method: 'POST', body });
	const text = await response.text();
	if (!response.headers.get('Content-Type').startsWith('text/html')) throw new Error(text);
	return text;
}

function complain(form, text) {
	const problem = document.createElement('p');
	problem.className = 'problem';
	problem.setAttribute('role', 'alert');
	problem.textContent = text;
	form.before(problem);
}

// reveal shows what needs this script.
function reveal(root) {
	for (const element of root.querySelectorAll('#help, #live, [data-copy]')) element.hidden = false;
}

async function copy(button) {
	const pre = $('.curl pre', button.closest('.delivery'));
	try {
		await navigator.clipboard.writeText(pre.textContent);
		button.textContent = 'Copied';
		say('copied');
	} catch { // not allowed, or not over HTTPS: the text is selected, to be copied by hand
		pre.parentElement.open = true;
		getSelection().selectAllChildren(pre);
	}
}

// Changes, as the server tells them.

let source, busy = false, again = false, charted = 0, chartTimer = 0;

function connect() {
	source = new EventSource('/events');
	source.onopen = () => setLive('live', true);
	source.onerror = () => setLive(source.readyState === EventSource.CLOSED ? 'stopped: load the page again' : 'reconnecting', false);
	source.addEventListener('state', event => {
		const state = JSON.parse(event.data);
		$('#total').textContent = state.total;
		$('#failed').textContent = state.failed;
		follow();
		chartTimer ||= setTimeout(updateChart, charted + 2000 - Date.now()); // it is drawn anew: not for each delivery
	});
}

function setLive(text, on) {
	$('#live').textContent = text;
	$('#live').classList.toggle('on', on);
}

// follow asks one thing at a time, and once more if something changed meanwhile.
async function follow() {
	again = true;
	if (busy) return;
	busy = true;
	try {
		while (again) {
			again = false;
			await refresh();
		}
	} catch {
		// The connection is gone. The stream says so, and brings a state when it is back.
	} finally {
		busy = false;
	}
}

async function updateChart() {
	charted = Date.now();
	chartTimer = 0;
	await get('/chart').then(html => $('#chart').replaceChildren(fragment(html)), () => {}); // without a connection it stays as it is
}

// Keyboard and mouse.

function move(step) {
	const links = [...rows.querySelectorAll('a')];
	const at = links.indexOf(document.activeElement.closest('#rows a') ?? $('a[aria-current]', rows));
	const next = links[at < 0 ? 0 : Math.min(Math.max(at + step, 0), links.length - 1)];
	next?.focus({ preventScroll: true });
	next?.scrollIntoView({ block: 'nearest' });
}

const actions = {
	j: () => move(1),
	k: () => move(-1),
	'/': () => $('input[name=code]').select(),
	'?': () => keys.showModal(),
	r: () => $('.replay')?.requestSubmit(),
	Escape: () => close(),
};

function pressed(event) {
	if (event.ctrlKey || event.metaKey || event.altKey || keys.open || (event.repeat && event.key === 'r')) return;
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
	else if (list) clickedInList(event, target);
}

function clickedInList(event, target) {
	const act = target === fresh ? loadNewest
		: target === older ? loadOlder
		: 'close' in target.dataset ? close
		: target.closest('#rows') && wide.matches ? () => open(target) // else the link leads to a page of its own
		: null;
	if (!act) return;
	event.preventDefault();
	Promise.resolve(act()).catch(() => { if (target.href) location = target.href; });
}

addEventListener('keydown', pressed);
addEventListener('click', clicked);
localise(document);
reveal(document);

if (list) {
	markOpen();
	connect();
	setInterval(updateChart, 30000); // time goes on without deliveries too
	addEventListener('submit', event => {
		if (!event.target.matches('.pane .replay')) return;
		event.preventDefault();
		replay(event.target);
	});
	document.addEventListener('visibilitychange', () => { // a browser has few connections, and each stream takes one
		source.close();
		if (!document.hidden) connect();
	});
}
})();
