using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Orchestrator.Core.Diagnostics;

/// <summary>A kind of finding about authored files.</summary>
/// <param name="Severity">How much it usually matters.</param>
/// <param name="Title">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
public sealed record DiagnosticCode(string Code, Severity Severity, string Title, string Remedy);

/// <summary>Every code that a check of authored files may give.</summary>
public static class DiagnosticCatalog
{
    private const string Rows = """
        CONF001|error|The rules' source is not given, or given twice.|Name one of git, folder.
        CONF002|error|A connection is neither a folder nor a database.|Write {folder: PATH}, or {driver: NAME, dsn_file: PATH}.
        CONF003|error|A text is no address.|Use http or https.
        CONF004|error|An event is not known.|Use one of the events listed.
        CONF005|error|A target that is named is not given.|Add it under targets, or name another.
        CONF006|error|Fields that go together or exclude each other do not fit.|Give both or none, or one of them, as the message says.
        CONF007|error|A password would be sent over a connection that is not encrypted.|Use tls: always or starttls.
        CONF008|error|A text is no e-mail address.|Write NAME@HOST.
        CONF009|error|Something is not supported yet.|Use what the message lists.
        CONF010|error|Less memory than any measurement needs.|Give at least 128MiB.
        CONF011|error|Signatures are demanded of nobody.|Name a file of signers.
        CONF012|error|A role is not known.|Use one of the roles listed.
        CONF020|error|The source of the rules cannot be read.|See to it that the folder or repository is there and may be read.
        EXPR001|error|The expression is no PromQL at this place.|Correct it as the message says.
        EXPR002|error|The expression is too long or too deep.|Split it, for example by recording a part of it.
        EXPR003|error|A function is not known.|Use the nearest name, or one of Prometheus's functions.
        EXPR004|error|A function has the wrong number of arguments.|Write it in the form shown.
        EXPR005|error|A part of the expression has the wrong type.|Convert it as the message says.
        EXPR006|error|on, ignoring or a group modifier does not fit.|Use them between two instant vectors, and each label once.
        EXPR007|error|A selector would choose every series.|Name a metric, or a label that must not be empty.
        EXPR008|error|A regular expression is not valid.|Write it in RE2 syntax.
        EXPR009|error|A function is experimental in Prometheus.|Use functions that are not.
        EXPR010|error|Native histograms are not supported.|Use classic histograms.
        EXPR011|error|A text is not valid here.|Give a text of the form that the message asks for.
        EXPR101|error|Many samples meet many.|Aggregate one side, or add labels to on.
        EXPR102|error|Two results have the same labels.|Keep a label that tells them apart.
        EXPR103|error|A parameter has a value that cannot be used.|Give one in the range named.
        EXPR104|error|The evaluation took longer than it may.|Ask for less: a shorter range, a longer step, fewer series.
        EXPR105|error|The expression reads more samples than may be held.|Ask for less: a shorter range, fewer series.
        FLOW001|error|The workflow is not valid JSON.|Correct the syntax at this place.
        FLOW002|error|The workflow is too large.|Stay within the limit named.
        FLOW003|error|A property occurs twice.|Keep one.
        FLOW004|error|The file is no workflow definition.|Give an object with definitionId, name and root.
        FLOW005|error|A variable or input has no name.|Give id and name.
        FLOW006|error|A variable is declared twice.|Keep one.
        FLOW007|error|An activity type is not known.|Use one of the types listed.
        FLOW008|error|A version of an activity is not known.|Use the version named.
        FLOW009|error|An activity has no such input or output.|Use one of those listed.
        FLOW010|error|A definition carries code.|Use an expression of the types listed.
        FLOW011|error|An input that decides how the flow runs is not constant.|Use a literal.
        FLOW012|error|A value has the wrong type.|Write it as the message says.
        FLOW013|error|A value is none of the choices.|Use one of those listed.
        FLOW014|error|A variable does not exist.|Declare it, or use one that is.
        FLOW015|error|A workflow input does not exist.|Declare it, or use one that is.
        FLOW016|error|An expression type is not known.|Use one of those listed.
        FLOW017|warning|A property means nothing here.|Remove it, or correct its name.
        FLOW018|error|An activity lacks an input.|Give it.
        FLOW019|error|The flow has no start, or several.|Keep one Start activity.
        FLOW020|error|A connection leads from or to an activity that does not exist.|Connect activities that do.
        FLOW021|error|An activity has no such outcome.|Use one of those listed.
        FLOW022|warning|A connection occurs twice.|Remove one.
        FLOW023|error|A loop can be entered at two places.|Let it have one entrance.
        FLOW024|warning|Nothing leads to an activity.|Connect or remove it.
        FLOW025|error|An address stands where the name of a target or command belongs.|Put the address into the operator's file and name it here.
        FLOW099|error|A workflow is given twice.|Give one of them another definitionId.
        MODEL001|error|The model's name is no name.|Use letters, digits, "_", "-" and ".".
        MODEL002|error|The task is not known or not complete.|Use binary (with positive), multiclass or regression.
        MODEL003|error|A model is given twice.|Keep one file a model.
        MODEL004|error|The registry is not known.|Use local.
        MODEL005|error|The gate cannot compare this metric.|Use one of those listed.
        MODEL006|error|A dataset does not exist.|Name a dataset of a monitor.
        MODEL007|error|The model would be evaluated on rows that it is trained on.|Evaluate on a test or production dataset.
        MODEL008|error|A window needs rows with a time.|Give the dataset the role time, or leave the window out.
        MODEL009|error|A field goes with labels that people assign.|Remove it, or use source: human.
        MODEL010|error|A runner does not exist.|Name one of the operator's runners, or mlnet.
        MODEL011|error|A hook does not exist, or a limit goes with another runner.|Name one of the operator's hooks; give needs to commands only.
        MODEL012|error|Nothing can confirm a deployment.|Give a production dataset the role model_version, or leave confirm_within out.
        MODEL013|error|An address stands where the name of a hook belongs.|Put the address into the operator's file and name it here.
        MODEL014|error|The file of classes does not exist.|Put it beside the model file, or correct its name.
        MODEL015|error|The file of classes lists too few, or one twice.|List at least two, each once, one a line.
        MON001|error|The monitor's name is no name.|Use letters, digits, "_", "-" and ".".
        MON002|error|The monitor has no schedule, or two.|Give one of every, cron.
        MON003|error|time_zone goes with cron.|Remove it; the grid of every is UTC.
        MON004|error|The cron expression is not valid, or never fires.|Write minute hour day month weekday, with days that months have.
        MON005|error|The time zone is not known.|Use a name such as Europe/Berlin.
        MON006|error|The reference is no other dataset of this monitor.|Name one of those listed.
        MON007|error|A segment is given twice.|Keep one.
        MON008|error|Segments cannot be formed in this way.|Name a column, or write quartiles(COLUMN).
        MON009|error|A name is no family of metrics and no metric.|Use one of the families, or the name of a metric.
        MON010|error|A dataset has no source, or several.|Give one of path, query, push.
        MON011|error|A path leaves the connection's folder.|Use a path inside of it.
        MON012|error|The scores do not say which column is which class.|Use a pattern with one "*", or {CLASS: COLUMN}.
        MON013|error|A window needs rows with a time.|Give a column the role time.
        MON014|error|A query asks for :from, and there is no window.|Give a window.
        MON015|error|Labels come from two places.|Keep one.
        MON016|error|A column has two roles.|Keep one.
        MON017|error|A pushed dataset has a source as well.|Give push alone.
        MON020|error|A monitor is given twice.|Keep one file a monitor.
        MON021|error|A dataset is given twice.|Give one of them another name.
        MON022|error|The model does not exist.|Name a model, or leave it out.
        MON023|error|The metric does not exist.|Use the nearest name.
        MON024|error|The connection does not exist.|Name one of the operator's connections.
        MON025|error|A folder is asked a query, or a database for files.|Use path with folders, query with databases.
        MON026|error|A value is none of the choices.|Use one of those listed.
        MON027|error|A metric takes no parameters.|Name it alone.
        MON028|error|A parameter has a value that it cannot have.|Give one that is allowed.
        MON029|error|A metric is given parameters twice.|Put them into one entry.
        MON030|error|An address stands where the name of a connection belongs.|Put the address into the operator's file and name it here.
        REV001|warning|The file is of no known kind.|Use one of the endings listed.
        RULE001|error|A group is given twice.|Give one of them another name.
        RULE002|error|A rule has no name, or two.|Give one of alert, record.
        RULE003|error|A recorded series has no valid name.|Use letters, digits, "_" and ":".
        RULE004|error|A rule may not set this label.|Use another name.
        RULE005|error|An alert has no condition, or two.|Give one of expr, when.
        RULE006|error|A field goes with alert, not with record.|Remove it.
        RULE007|error|The expression gives neither an instant vector nor a scalar.|Use a function over the range.
        RULE008|error|A template is not valid.|Correct it as the message says.
        RULE011|error|no_data needs an expression with a comparison.|Compare something, or leave no_data out.
        RULE012|error|clear can never match the alert.|Use the labels of the alert.
        RULE013|error|approvers go with approval: required.|Remove one of the two.
        RULE014|error|An input of a fix queries series.|Put the query into a label of the rule.
        RULE101|error|The model does not exist.|Name a model of the repository.
        RULE102|error|The metric does not exist.|Use the nearest name, or record it.
        RULE103|warning|Nothing here gives this series.|Correct the name, unless the series is received from elsewhere.
        RULE104|warning|No monitor measures this metric.|Add it to a monitor.
        RULE105|error|The metric has no such label.|Use one of its labels.
        RULE106|error|The dataset does not exist.|Name a dataset of a monitor.
        RULE107|error|The schedule can never satisfy for.|Use a longer range or a shorter for.
        RULE108|warning|The range is empty most of the time.|Use a range of at least the monitor's period.
        RULE110|error|The workflow does not exist.|Name one of the repository's workflows.
        RULE111|error|The workflow has no such input.|Use one of its inputs.
        RULE112|error|A required input is missing.|Give it.
        RULE113|error|A value does not fit the input's type.|Give a value of that type.
        RULE114|error|The group of people does not exist.|Name one of the operator's groups.
        RULE115|error|The alert does not exist.|Name an alert of the repository.
        RULE116|error|People are asked for labels that are observed.|Use a workflow without Relabel.
        RULE117|warning|Nothing tells whether the fix helped.|Give verify.
        RULE118|warning|A rule proposes fixes and belongs to nobody.|Give owner.
        RULE119|warning|No monitor measures this variant.|Use one that is measured, or add it to the monitor.
        RULE120|error|The recorded series has no such label.|Use one of its labels.
        RULE121|error|An address stands where the name of a target or command belongs.|Put the address into the operator's file and name it here.
        RULE122|error|The target does not exist.|Name one of the operator's targets.
        RULE201|warning|A comparison never holds.|Compare with a value that the series can have.
        RULE202|warning|A comparison always holds.|Compare with a value that the series can miss.
        RULE203|warning|A comparison with bool always gives the same.|Compare with a value between the least and the greatest.
        RULE204|warning|A division by zero.|Divide by something that can be other than 0.
        RULE205|error|Two sides never have the labels by which they meet.|Use the corrected line, or other selectors.
        RULE206|warning|A selector selects nothing.|Use a value that the series has.
        RULE207|warning|Conditions of a rule contradict each other.|Widen one of them.
        RULE208|warning|clear changes nothing.|Leave a gap to the condition, or leave clear out.
        RULE209|warning|A fix may count as verified while the rule still holds.|Verify what the condition excludes.
        RULE210|warning|Another rule makes this one superfluous.|Narrow the other, or remove this one.
        RULE211|warning|Two rules that hold together want different fixes.|Give them priorities, or inhibited_by.
        RULE212|warning|A series is recorded twice.|Record it once.
        RULE213|warning|Fixes may start each other without end.|Ask for approval, or give a cooldown or limits.
        RULE214|warning|Labels of a rule make its results equal.|Use another name, or aggregate the label away.
        RULE215|warning|A rule may give more results than its group allows.|Raise the limit, or aggregate.
        RULE216|error|A threshold is not finite.|Use a finite number; compare with Inf by == or !=.
        SCEN001|error|An arrival names no file, or two kinds.|Give one of file, files.
        SCEN002|error|Files arrive one by one.|Give every.
        SCEN003|error|labels and labels_after go together.|Give both or none.
        SCEN004|error|all stands beside names.|Use one of them.
        SCEN005|error|A text is no instant.|Write ISO 8601.
        SCEN006|error|An event is nothing, or two things.|Give one of train, promote.
        SCEN007|error|It is not said what is promoted, or twice.|Give one of artifact, rows.
        SEC001|error|A secret stands in plain text.|Change the secret, and name something of the operator's file instead.
        SRC001|error|The source has too many files.|Split the repository, or remove files.
        SRC002|error|A link stands where a file should.|Commit the file itself.
        SRC003|error|A submodule stands where a folder should.|Commit the files themselves.
        SRC004|error|The branch was rewritten and is not followed.|Restore the branch, or accept the new history.
        SRC005|error|The branch does not exist.|Correct the name in the operator's file, or restore the branch.
        SRC006|error|The repository cannot be fetched.|See to it that it can be reached; the message has Git's own words.
        SRC007|error|A commit carries no signature that is trusted.|Sign it with a key of the operator's list.
        TEST002|error|A text is no series.|Write a name with labels.
        TEST003|error|A text is no value of a series.|Use Prometheus's notation.
        TEST004|error|The rule file does not exist.|Name one of the repository's rule files.
        TEST010|error|A group is given twice in the order of evaluation.|Keep one.
        YAML001|error|The text is no YAML at this place.|Correct the syntax.
        YAML002|error|The file is too large.|Split it; 256 KiB are allowed.
        YAML003|error|The file has a NUL character.|Remove it.
        YAML004|error|The file is not UTF-8.|Save it as UTF-8.
        YAML005|error|The file starts with a byte order mark.|Save it without one.
        YAML006|error|A merge conflict was left.|Keep one of its sides.
        YAML007|error|The file is a Git LFS pointer.|Commit the file itself.
        YAML008|error|An anchor or an alias.|Write the value out.
        YAML009|error|A merge key.|Write the fields out.
        YAML010|error|A tag.|Remove it.
        YAML011|error|A second document.|Put it into a file of its own.
        YAML012|error|A field is given twice.|Keep one.
        YAML013|error|The file is nested too deeply.|Stay within 32 levels.
        YAML014|error|The file holds no fields.|Write fields such as name: value.
        YAML015|error|There are more errors than are shown.|Repair those that are.
        YAML016|error|A field has no text as its name.|Give it one.
        YAML020|error|A field is not known.|Use the nearest name, or one of those listed.
        YAML021|error|A field is missing or has no value.|Give it.
        YAML022|error|A field holds the wrong kind of value.|Give a value of the kind named.
        YAML023|error|A field has a value that it cannot have.|Give one that is allowed.
        """;

    /// <summary>In the order of their codes.</summary>
    public static readonly ImmutableArray<DiagnosticCode> All =
        [.. Rows.Split('\n', StringSplitOptions.TrimEntries).Select(row => row.Split('|')).Select(cells => new DiagnosticCode(cells[0], cells[1] == "error" ? Severity.Error : Severity.Warning, cells[2], cells[3]))];

    private static readonly FrozenDictionary<string, DiagnosticCode> ByCode = All.ToFrozenDictionary(code => code.Code, StringComparer.Ordinal);

    public static DiagnosticCode? Find(string code) => ByCode.GetValueOrDefault(code);
}
