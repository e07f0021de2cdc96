// For mongosh, at every start of the services: the replica set is initiated once, and the application's account exists,
// with the password of .env and with rights in the application's own database only: to read and write, and to make its
// collections as a backup has them.
/* global connect, print, process, quit, sleep */
const { MONGO_ADDRESS, MONGO_ROOT_PASSWORD, MONGO_APP_PASSWORD, SEMBLANCE_DATABASE } = process.env;
const PATIENCE = 90;
const WRONG_PASSWORD = 18;
const ALREADY_INITIATED = 23;

const fail = (words) => {
  print(words);
  quit(1);
};

// Once a second, until it returns something; what it throws last is said.
const insisted = (what, attempt) => {
  for (let tries = 1; ; tries += 1) {
    let problem = "no answer";
    try {
      const found = attempt();
      if (found) return found;
    } catch (failed) {
      if (failed.code === WRONG_PASSWORD) {
        fail("MongoDB refuses MONGO_ROOT_PASSWORD. It was fixed when the volume was made: put that one back into .env.");
      }
      problem = failed.message;
    }
    if (tries >= PATIENCE) fail(`${what} within ${PATIENCE} s: ${problem}`);
    sleep(1000);
  }
};

const root = `root:${encodeURIComponent(MONGO_ROOT_PASSWORD)}`;
const options = "directConnection=true&authSource=admin&serverSelectionTimeoutMS=2000";
const admin = insisted(`MongoDB did not answer at ${MONGO_ADDRESS}`, () =>
  connect(`mongodb://${root}@${MONGO_ADDRESS}/admin?${options}`)
);

if (!admin.runCommand({ hello: 1 }).setName) {
  const members = [{ _id: 0, host: MONGO_ADDRESS }];
  try {
    admin.runCommand({ replSetInitiate: { _id: "semblance", members } });
  } catch (failed) {
    if (failed.code !== ALREADY_INITIATED) fail(`The replica set could not be initiated: ${failed.message}`);
  }
}
insisted("MongoDB did not become writable", () => admin.runCommand({ hello: 1 }).isWritablePrimary);

const roles = ["readWrite", "dbAdmin"].map((role) => ({ role, db: SEMBLANCE_DATABASE }));
const account = { pwd: MONGO_APP_PASSWORD, roles };
const known = admin.runCommand({ usersInfo: "semblance" }).users.length > 0;
admin.runCommand(known ? { updateUser: "semblance", ...account } : { createUser: "semblance", ...account });
print(`MongoDB is ready: replica set semblance, account semblance for database ${SEMBLANCE_DATABASE}.`);
quit(0);
