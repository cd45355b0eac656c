// Loaded into a program by NODE_OPTIONS: its TLS connections to Microsoft's login and Graph end at the simulated tenant
// on this machine, where names and certificates are checked as ever; to nobody else there are any.
const tls = process.getBuiltinModule('node:tls');

const { BENCH_TENANT_PORT, BENCH_TENANT_NAMES } = process.env;
const names = BENCH_TENANT_NAMES.split(' ');
const connect = tls.connect;

tls.connect = (options, ...rest) => {
  const { host, servername = host } = options;
  if (!names.includes(servername)) throw new Error(`Nothing leaves this machine in a bench: ${servername}`);
  return connect({ ...options, host: '127.0.0.1', port: Number(BENCH_TENANT_PORT), servername }, ...rest);
};
