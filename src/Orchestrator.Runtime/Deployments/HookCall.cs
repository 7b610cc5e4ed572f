using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Addresses;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Deployments;

/// <summary>Tells the operator's hooks which version is to serve.</summary>
public sealed class HookCall(NodeOptions options, HttpPost http)
{
    public async Task<Delivery> TellAsync(Deployment deployment, CancellationToken cancellation)
    {
        if (!options.SendsOut)
        {
            return new Delivery.Withheld();
        }

        return await SendAsync(deployment, cancellation).ConfigureAwait(false) switch
        {
            Delivery.NotNow later => new Delivery.NotNow(Told(deployment, later.Reason)),
            Delivery.Refused refused => new Delivery.Refused(Told(deployment, refused.Reason)),
            var taken => taken,
        };
    }

    private static string Told(Deployment deployment, string reason) =>
        $"the hook \"{deployment.Hook}\" did not take the {Json.Name(deployment.Kind.ToString())} of {deployment.Version ?? "no version"}: {reason}";

    private async Task<Delivery> SendAsync(Deployment deployment, CancellationToken cancellation)
    {
        if (options.Operator.Hooks.GetValueOrDefault(deployment.Hook) is not { } hook)
        {
            return new Delivery.Refused("the operator's file does not name it");
        }

        string? secret = null;
        return hook.SecretFile is { } file && !SecretFile.TryRead(options.Root, file, out secret, out var fault)
            ? new Delivery.Refused(fault)
            : await http.SendAsync(new Letter(hook.Url, deployment.Key, Body(deployment), secret, hook.AllowPrivate), cancellation).ConfigureAwait(false);
    }

    private string Body(Deployment deployment) => Json.Write(new
    {
        @event = deployment.Kind,
        deployment.Model,
        deployment.Version,
        deployment.Digest,
        deployment.Previous,
        deployment.Key,
        options.Operator.Environment,
        at = deployment.OpenedAt,
    });
}
