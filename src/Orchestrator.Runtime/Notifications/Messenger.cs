using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Addresses;

namespace Orchestrator.Runtime.Notifications;

/// <summary>Brings one notification to one target that the operator named.</summary>
public sealed class Messenger
{
    private readonly OperatorFile _operator;
    private readonly string _root;
    private readonly HttpPost _http;
    private readonly Mailer _mail;
    private readonly bool _sends;

    /// <param name="http">What webhooks and Slack are posted with.</param>
    public Messenger(NodeOptions options, HttpPost http)
    {
        (_operator, _root, _sends, _http) = (options.Operator, options.Root, options.SendsOut, http);
        _mail = new Mailer(options.Dialer, options.Real, options.Patience);
    }

    public async Task<Delivery> SendAsync(string target, Notification notification, CancellationToken cancellation)
    {
        if (!_operator.Targets.TryGetValue(target, out var spec))
        {
            var named = _operator.Targets.IsEmpty ? "none" : string.Join(", ", _operator.Targets.Keys);
            return new Delivery.Refused($"the operator's file names no target \"{target}\" (named: {named}){(Nearest.To(target, _operator.Targets.Keys) is { } near ? $"; did you mean {near}?" : "")}");
        }

        if (!_sends)
        {
            return new Delivery.Withheld();
        }

        return await SendAsync(spec, notification, cancellation).ConfigureAwait(false) switch
        {
            Delivery.Refused refused => new Delivery.Refused(Told(target, refused.Reason)),
            Delivery.NotNow later => new Delivery.NotNow(Told(target, later.Reason)),
            var taken => taken,
        };
    }

    private static string Told(string target, string reason) => $"the target \"{target}\" did not take it: {reason}";

    private async Task<Delivery> SendAsync(TargetSpec spec, Notification notification, CancellationToken cancellation)
    {
        var (file, secretFile, json) = spec switch
        {
            TargetSpec.Webhook webhook => (webhook.UrlFile, webhook.SecretFile, MessageShapes.Webhook(notification)),
            TargetSpec.Slack slack => (slack.UrlFile, null, MessageShapes.Slack(notification)),
            TargetSpec.Email email => (null, email.Server.PasswordFile, ""),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        if (Secret(file, out var url) is { } noUrl)
        {
            return new Delivery.Refused(noUrl);
        }

        if (Secret(secretFile, out var secret) is { } noSecret)
        {
            return new Delivery.Refused(noSecret);
        }

        return spec is TargetSpec.Email mail
            ? await _mail.SendAsync(mail, secret, notification, cancellation).ConfigureAwait(false)
            : await _http.SendAsync(new Letter(url!, notification.Key, json, secret, spec.AllowPrivate), cancellation).ConfigureAwait(false);
    }

    /// <summary>Reads a secret where a file is named; why it could not, or null.</summary>
    private string? Secret(string? file, out string? text)
    {
        text = null;
        return file is null || SecretFile.TryRead(_root, file, out text, out var fault) ? null : fault;
    }
}
