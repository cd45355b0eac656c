using UserSession.TestHost.Runner;

// `usersession-test-host <request.json>` runs one script; `serve` runs one per line of stdin, each in a fresh runspace.
return args is ["serve"] ? Serving.FromStandardInput() : Entry.Run(args[0], hasRealCmdlets: false);
