using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Notifications;

/// <summary>A notification in the shapes of those who take it.</summary>
public static class MessageShapes
{
    private const int LongestSubject = 120;

    /// <summary>The most that Slack takes in one text of a block.</summary>
    private const int LongestSection = 2900;

    /// <summary>The body of a webhook: the notification itself.</summary>
    public static string Webhook(Notification notification) => Json.Write(notification);

    /// <summary>Slack's incoming webhook: a text for previews, blocks for the reader.</summary>
    public static string Slack(Notification notification)
    {
        var facts = string.Join('\n', notification.Facts.Select(fact => $"*{fact.Name}*  {Escape(fact.Value)}"));
        var texts = new[] { $"*{Escape(notification.Text)}*", facts, $"{notification.Event} · {Escape(notification.Environment)} · {notification.At:u}" };
        return Json.Write(new
        {
            text = Cut(Escape(notification.Text), LongestSection),
            blocks = texts.Where(text => text.Length > 0).Select(text => new { type = "section", text = new { type = "mrkdwn", text = Cut(text, LongestSection) } }),
        });
    }

    public static string Subject(Notification notification) =>
        Cut($"[{notification.Environment}] {string.Concat(notification.Text.Select(c => char.IsControl(c) ? ' ' : c))}", LongestSubject);

    public static string Mail(Notification notification) => string.Join(
        '\n',
        [notification.Text, "", .. notification.Facts.Select(fact => $"{fact.Name,-8} {fact.Value}"), "", $"{notification.Event}, {notification.Environment}, {notification.At:u}", ""]);

    /// <summary>The three characters that have a meaning of their own in Slack's texts.</summary>
    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Cut(string text, int longest) => text.Length <= longest ? text : text[..(longest - 1)] + "…";
}
