process.stderr.write(`The password is ${process.env["TRIVY_PASSWORD"] ?? "missing"}.`);
process.exitCode = 3;
