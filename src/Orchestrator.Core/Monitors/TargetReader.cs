using System.Collections.Immutable;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Monitors;

/// <summary>Reads the addresses of the operator's file: targets of messages, hooks of deployments, and who hears of what.</summary>
internal static class TargetReader
{
    private const string AllowPrivate = "allow_private";

    private enum Kind
    {
        Webhook,
        Slack,
        Email,
    }

    public static HookSpec Hook(Fields fields) => new(Address(fields, "url"), fields.Text("secret_file"), fields.Flag(AllowPrivate) ?? false);

    /// <summary>An address of http or https; an error where it is none.</summary>
    public static string Address(Fields fields, string name)
    {
        var url = fields.RequiredText(name);
        if (url.Length > 0 && !(Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
        {
            fields.Diagnostics.Error(fields.At(name), "CONF003", $"\"{url}\" is no address", "allowed: http or https");
        }

        return url;
    }

    public static TargetSpec Target(Fields fields)
    {
        fields.Required("kind");
        return fields.Choice<Kind>("kind") switch
        {
            Kind.Slack => new TargetSpec.Slack(fields.RequiredText("url_file"), fields.Flag(AllowPrivate) ?? false),
            Kind.Email => Email(fields),
            _ => new TargetSpec.Webhook(fields.RequiredText("url_file"), fields.Text("secret_file"), fields.Flag(AllowPrivate) ?? false),
        };
    }

    public static ImmutableArray<NotificationSpec> Notify(Fields fields, ImmutableSortedDictionary<string, TargetSpec> targets)
    {
        var notify = ImmutableArray.CreateBuilder<NotificationSpec>();
        foreach (var item in fields.Items("notify"))
        {
            if (Fields.Of(item, "a notification", fields.Diagnostics) is not { } inner)
            {
                continue;
            }

            inner.Required("events");
            var one = new NotificationSpec(inner.Texts("events"), inner.Text("owner"), inner.RequiredText("target"));
            inner.Close();
            Check(one, inner, targets);
            notify.Add(one);
        }

        return notify.ToImmutable();
    }

    private static TargetSpec.Email Email(Fields fields)
    {
        var tls = fields.Choice<MailSecurity>("tls") ?? MailSecurity.Starttls;
        var port = tls switch { MailSecurity.Always => 465, MailSecurity.Starttls => 587, _ => 25 };
        var server = new MailServer(fields.RequiredText("host"), fields.Integer("port", 1, 65535) ?? port, tls, fields.Text("user"), fields.Text("password_file"));
        fields.Required("to");
        var target = new TargetSpec.Email(server, fields.RequiredText("from"), fields.Texts("to"), fields.Flag(AllowPrivate) ?? false);
        CheckMail(fields, target);
        return target;
    }

    private static void CheckMail(Fields fields, TargetSpec.Email target)
    {
        if (target.Server.User is null != target.Server.PasswordFile is null)
        {
            var given = target.Server.User is null ? "password_file" : "user";
            fields.Diagnostics.Error(fields.At(given), "CONF006", "a user and a password go together", "allowed: both of user, password_file, or none");
        }
        else if (target.Server is { User: not null, Tls: MailSecurity.None })
        {
            fields.Diagnostics.Error(fields.At("tls"), "CONF007", "a password is never sent over a connection that is not encrypted", "allowed with a user: always, starttls");
        }

        foreach (var (name, address) in target.To.Select(to => ("to", to)).Append(("from", target.From)).Where(pair => pair.Item2.Length > 0 && !IsMail(pair.Item2)))
        {
            fields.Diagnostics.Error(fields.At(name), "CONF008", $"\"{address}\" is no e-mail address", "allowed: NAME@HOST");
        }
    }

    /// <summary>One sign between a name and a host, nothing that could end a header line.</summary>
    private static bool IsMail(string address) =>
        address.Split('@') is [{ Length: > 0 }, { Length: > 0 }] && !address.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '<' or '>' or ',' or ';');

    private static void Check(NotificationSpec one, Fields fields, ImmutableSortedDictionary<string, TargetSpec> targets)
    {
        foreach (var unknown in one.Events.Where(name => !NotificationSpec.Known.Contains(name)))
        {
            fields.Diagnostics.Error(fields.At("events"), "CONF004", $"event \"{unknown}\" is not known", $"allowed: {string.Join(", ", NotificationSpec.Known)}", Nearest.To(unknown, NotificationSpec.Known));
        }

        if (one.Target.Length > 0 && !targets.ContainsKey(one.Target))
        {
            var allowed = targets.IsEmpty ? "none, no targets are given" : string.Join(", ", targets.Keys);
            fields.Diagnostics.Error(fields.At("target"), "CONF005", $"target \"{one.Target}\" is not given", $"allowed: {allowed}", Nearest.To(one.Target, targets.Keys));
        }
    }
}
