// A program to be profiled: record.sh runs it.
'use strict';

function knead(size) {
  let dough = 1;
  for (let i = 0; i < size; i++) dough = (dough * 31 + i) % 1000003;
  return dough;
}

function fold(layers, size) {
  return layers === 0 ? knead(size) : fold(layers - 1, size) + knead(size >> 2);
}

const bake = (loaves) => Array.from({ length: loaves }, (_, i) => `${fold(4, 400000)} loaf "${i}" <br>`);

function sell(bread) {
  return JSON.stringify(bread.map((loaf) => ({ loaf, price: knead(100000) })));
}

const kept = [];
for (let day = 0; day < 6; day++) kept.push(sell(bake(8)).repeat(200), new Array(20000).fill(day));
setTimeout(() => kept.length, 20);
