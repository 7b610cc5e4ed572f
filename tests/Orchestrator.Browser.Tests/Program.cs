using System.Globalization;
using Orchestrator.Browser.Tests;
using Xunit.MicrosoftTestingPlatform;

return args is ["times", var rounds]
    ? await PageTimes.RunAsync(int.Parse(rounds, CultureInfo.InvariantCulture))
    : await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
