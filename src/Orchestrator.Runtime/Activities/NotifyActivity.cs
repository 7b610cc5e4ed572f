using System.Net.Http.Json;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Activities;

/// <summary>Sends a message to a target that the operator named, as a webhook with the field <c>text</c>, which Slack takes too.</summary>
public sealed class NotifyActivity(OperatorFile operatorFile, string root) : IActivity
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
    {
        Timeout = TimeSpan.FromSeconds(15),
    };

    public string Type => "Orchestrator.Notify";

    public async Task<ActivityResult> RunAsync(ActivityCall call, CancellationToken cancellation)
    {
        var name = call.Text("Target");
        if (!operatorFile.Targets.TryGetValue(name, out var target))
        {
            var known = operatorFile.Targets.IsEmpty ? "none" : string.Join(", ", operatorFile.Targets.Keys);
            return NotSent(call, $"the operator's file names no target \"{name}\" (named: {known})");
        }

        if (target.Kind == TargetKind.Email)
        {
            return NotSent(call, $"the target \"{name}\" is an e-mail address, and e-mail is not supported yet");
        }

        var url = (await File.ReadAllTextAsync(Path.Combine(root, target.UrlFile), cancellation).ConfigureAwait(false)).Trim();
        return await SendAsync(call, (name, url), cancellation).ConfigureAwait(false);
    }

    private static async Task<ActivityResult> SendAsync(ActivityCall call, (string Name, string Url) target, CancellationToken cancellation)
    {
        try
        {
            using var response = await Client.PostAsJsonAsync(target.Url, new { text = call.Text("Message"), key = call.Key }, cancellation).ConfigureAwait(false);
            return response.IsSuccessStatusCode
                ? ActivityResult.Done("Done")
                : NotSent(call, $"the target \"{target.Name}\" answered {(int)response.StatusCode}");
        }
        catch (HttpRequestException error)
        {
            return NotSent(call, $"the target \"{target.Name}\" cannot be reached: {error.Message}");
        }
    }

    /// <summary>A message that was surely not taken flows on through the port Failed, with the reason on the record.</summary>
    private static ActivityResult.Failed NotSent(ActivityCall call, string reason)
    {
        call.Progress(reason);
        return new ActivityResult.Failed(reason, Retryable: false);
    }
}
