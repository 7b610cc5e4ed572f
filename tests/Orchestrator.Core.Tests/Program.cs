using Orchestrator.Core.Tests;
using Orchestrator.Core.Tests.Revisions;
using Xunit.MicrosoftTestingPlatform;

return args is ["fuzz", var seed, var from, var count, var progress]
    ? FuzzChild.Run(seed, from, count, progress)
    : await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
