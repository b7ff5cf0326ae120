namespace System.Management.Automation;

/// <summary>An error: what failed, by which fixed name, of what kind, and on what.</summary>
public sealed class ErrorRecord
{
    private readonly string _errorId;
    private CommandInfo? _command;

    /// <summary>Makes one.</summary>
    /// <param name="exception">What failed.</param>
    /// <param name="errorId">Its fixed name.</param>
    /// <param name="errorCategory">Its kind.</param>
    /// <param name="targetObject">What was worked on.</param>
    public ErrorRecord(Exception exception, string errorId, ErrorCategory errorCategory, object? targetObject)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Exception = exception;
        _errorId = errorId ?? "";
        TargetObject = targetObject;
        CategoryInfo = new ErrorCategoryInfo(this, errorCategory);
    }

    /// <summary>What failed.</summary>
    public Exception Exception { get; }

    /// <summary>What was worked on.</summary>
    public object? TargetObject { get; private set; }

    /// <summary>Its kind.</summary>
    public ErrorCategoryInfo CategoryInfo { get; }

    /// <summary>Words of the cmdlet's own, in the place of the exception's.</summary>
    public ErrorDetails? ErrorDetails { get; set; }

    /// <summary>Its fixed name, a comma, and the class of the cmdlet that wrote it.</summary>
    public string FullyQualifiedErrorId => _command switch
    {
        CmdletInfo cmdlet => $"{_errorId},{cmdlet.ImplementingType.FullName}",
        { } command => $"{_errorId},{command.Name}",
        null => _errorId,
    };

    /// <summary>Who wrote it; null when nobody has yet.</summary>
    public string? CommandName => _command?.Name;

    /// <inheritdoc/>
    public override string ToString() => ErrorDetails?.Message is { Length: > 0 } message ? message : Exception.Message;

    internal void SetCommand(CommandInfo command) => _command ??= command;

    internal void SetTargetObject(object? target) => TargetObject = target;
}

/// <summary>The kind of an error, and what it says of itself.</summary>
public sealed class ErrorCategoryInfo
{
    private readonly ErrorRecord _record;

    internal ErrorCategoryInfo(ErrorRecord record, ErrorCategory category) => (_record, Category) = (record, category);

    /// <summary>The kind.</summary>
    public ErrorCategory Category { get; }

    /// <summary>The command that failed.</summary>
    public string Activity => _record.CommandName ?? "";

    /// <summary>The exception's class.</summary>
    public string Reason => _record.Exception.GetType().Name;

    /// <summary>What was worked on, as text.</summary>
    public string TargetName => LanguagePrimitives.TextOf(_record.TargetObject);

    /// <summary>The class of what was worked on.</summary>
    public string TargetType => PSObject.Unwrap(_record.TargetObject)?.GetType().Name ?? "";

    /// <inheritdoc/>
    public override string ToString() => $"{Category}: ({TargetName}:{TargetType}) [{Activity}], {Reason}";
}

/// <summary>Words of a cmdlet's own for an error.</summary>
/// <param name="message">What happened.</param>
public sealed class ErrorDetails(string message)
{
    /// <summary>What happened.</summary>
    public string Message { get; } = message;

    /// <summary>What to do.</summary>
    public string? RecommendedAction { get; set; }
}
