/** For the test of the environment: what a script finds that is run as ours are. */
console.log(process.env['ADMIN_KEY']);
