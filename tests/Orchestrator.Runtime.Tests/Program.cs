using Orchestrator.Runtime.Tests;
using Orchestrator.Runtime.Tests.Storage;
using Xunit.MicrosoftTestingPlatform;

return args is ["child", .. var rest]
    ? await ChildProcess.RunAsync(rest)
    : await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
