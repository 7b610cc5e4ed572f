using System.Net;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Addresses;

namespace Orchestrator.Runtime.Notifications;

/// <summary>Hands mail to the operator's server over a connection that was checked as every other.</summary>
internal sealed class Mailer(Dialer dialer, TimeProvider real, TimeSpan patience)
{
    public async Task<Delivery> SendAsync(TargetSpec.Email target, string? password, Notification notification, CancellationToken cancellation)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(patience);
        try
        {
            using var message = Message(target, notification);
            await SendAsync(target, password, message, bounded.Token).ConfigureAwait(false);
            return new Delivery.Taken();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new Delivery.NotNow(FormattableString.Invariant($"it did not answer within {patience.TotalSeconds:0.###} s"));
        }
        catch (Exception error) when (Meaning(error) is not null)
        {
            return Meaning(error)!;
        }
    }

    private async Task SendAsync(TargetSpec.Email target, string? password, MimeMessage message, CancellationToken cancellation)
    {
        var server = target.Server;
        var stream = await dialer.ConnectAsync(new DnsEndPoint(server.Host, server.Port), target.AllowPrivate, cancellation).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using var client = new SmtpClient();
            await client.ConnectAsync(stream, server.Host, server.Port, Security(server.Tls), cancellation).ConfigureAwait(false);
            if (server.User is { } user && password is not null)
            {
                await client.AuthenticateAsync(user, password, cancellation).ConfigureAwait(false);
            }

            await client.SendAsync(message, cancellation).ConfigureAwait(false);
            await client.DisconnectAsync(quit: true, cancellation).ConfigureAwait(false);
        }
    }

    private MimeMessage Message(TargetSpec.Email target, Notification notification)
    {
        var message = new MimeMessage
        {
            MessageId = $"{Digest.Of(notification.Key)[..32]}@orchestrator",
            Date = real.GetUtcNow(),
            Subject = MessageShapes.Subject(notification),
            Body = new TextPart("plain") { Text = MessageShapes.Mail(notification) },
        };
        message.From.Add(MailboxAddress.Parse(target.From));
        message.To.AddRange(target.To.Select(MailboxAddress.Parse));
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }

    /// <summary>What a fault of a mail server means; null for one that is not of it. The library's own messages may name hosts and are not passed on.</summary>
    private static Delivery? Meaning(Exception error) => error switch
    {
        AddressRefusedException refused => new Delivery.Refused(refused.Message),
        ParseException => new Delivery.Refused("an address of it is no e-mail address"),
        SmtpCommandException { StatusCode: >= SmtpStatusCode.SyntaxError } answered => new Delivery.Refused($"it answered {(int)answered.StatusCode}"),
        SmtpCommandException answered => new Delivery.NotNow($"it answered {(int)answered.StatusCode}"),
        AuthenticationException => new Delivery.Refused("it did not take the user and the password"),
        SslHandshakeException => new Delivery.NotNow("no trusted encrypted connection came about"),
        NotSupportedException => new Delivery.Refused("it cannot encrypt the connection (STARTTLS)"),
        SocketException => new Delivery.NotNow("it cannot be connected to"),
        ProtocolException or IOException => new Delivery.NotNow("it answered nothing that is SMTP"),
        _ => null,
    };

    private static SecureSocketOptions Security(MailSecurity tls) => tls switch
    {
        MailSecurity.Always => SecureSocketOptions.SslOnConnect,
        MailSecurity.Starttls => SecureSocketOptions.StartTls,
        _ => SecureSocketOptions.None,
    };
}
