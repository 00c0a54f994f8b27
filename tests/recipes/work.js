// Something for a sampler to see, for 150 ms.
function mix(rounds) {
    let x = 1;
    for (let i = 0; i < rounds; i++)
        x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return x;
}

const end = Date.now() + 150;
let sum = 0;
while (Date.now() < end)
    sum ^= mix(1e5);
console.log(sum);
