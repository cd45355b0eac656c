// Preloaded into an engine whose code is to be kept: remembers what it compiles, and writes it down when it ends.
const { writeFileSync } = process.getBuiltinModule('node:fs');
const { basename, join } = process.getBuiltinModule('node:path');
const vm = process.getBuiltinModule('node:vm');

const scripts = [];
vm.Script = class extends vm.Script {
  constructor(text, options) {
    super(text, options);
    if (options.filename.startsWith('usersession/'))
      scripts.push({ script: this, part: basename(options.filename) });
  }
};
process.on('exit', () => {
  for (const { script, part } of scripts)
    writeFileSync(join(process.env.WARM_UP_FOLDER, part), script.createCachedData());
});
