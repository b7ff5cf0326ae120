namespace System.Management.Automation
{
    /// <summary>An exception that knows its error record.</summary>
    public interface IContainsErrorRecord
    {
        /// <summary>The record.</summary>
        ErrorRecord ErrorRecord { get; }
    }

    /// <summary>Base of the engine's exceptions.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">What caused it.</param>
    public class RuntimeException(string message, Exception? innerException) : SystemException(message, innerException), IContainsErrorRecord
    {
        private readonly ErrorRecord? _record;

        /// <summary>Makes one without a cause.</summary>
        /// <param name="message">What happened.</param>
        public RuntimeException(string message)
            : this(message, null)
        {
        }

        /// <summary>Makes one with its record.</summary>
        /// <param name="message">What happened.</param>
        /// <param name="innerException">Why.</param>
        /// <param name="errorRecord">What to write of it.</param>
        public RuntimeException(string message, Exception? innerException, ErrorRecord errorRecord)
            : this(message, innerException) => _record = errorRecord;

        /// <summary>What to write of it.</summary>
        public virtual ErrorRecord ErrorRecord => _record ?? new ErrorRecord(this, GetType().FullName ?? "", ErrorCategory.NotSpecified, null);
    }

    /// <summary>Ends a pipeline that was stopped, or whose error was recorded. Never to be swallowed.</summary>
    public class PipelineStoppedException() : RuntimeException("The pipeline has been stopped.");

    /// <summary>An operation that is not possible now.</summary>
    /// <param name="message">What happened.</param>
    public class PSInvalidOperationException(string message) : InvalidOperationException(message);

    /// <summary>Something that only PowerShell has.</summary>
    /// <param name="message">What, and what to do instead.</param>
    public class PSNotSupportedException(string message) : NotSupportedException(message);

    /// <summary>A value cannot be converted.</summary>
    /// <param name="message">From what to what.</param>
    /// <param name="innerException">What caused it.</param>
    public class PSInvalidCastException(string message, Exception? innerException = null) : InvalidCastException(message, innerException);

    /// <summary>A declaration or a value that it forbids.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">What caused it.</param>
    public class MetadataException(string message, Exception? innerException) : RuntimeException(message, innerException);

    /// <summary>An argument was refused by a validation attribute.</summary>
    /// <param name="message">Why.</param>
    /// <param name="innerException">What caused it.</param>
    public class ValidationMetadataException(string message, Exception? innerException) : MetadataException(message, innerException)
    {
        /// <summary>Makes one without a cause.</summary>
        /// <param name="message">Why.</param>
        public ValidationMetadataException(string message)
            : this(message, null)
        {
        }
    }

    /// <summary>An argument was refused by a transformation attribute.</summary>
    /// <param name="message">Why.</param>
    /// <param name="innerException">What caused it.</param>
    public class ArgumentTransformationMetadataException(string message, Exception? innerException) : MetadataException(message, innerException)
    {
        /// <summary>Makes one without a cause.</summary>
        /// <param name="message">Why.</param>
        public ArgumentTransformationMetadataException(string message)
            : this(message, null)
        {
        }
    }

    /// <summary>Arguments do not fit a cmdlet's parameters.</summary>
    public class ParameterBindingException : RuntimeException
    {
        internal ParameterBindingException(ErrorCategory category, string errorId, string message, string? parameterName, Exception? inner)
            : base(message, inner)
        {
            ErrorId = errorId;
            ParameterName = parameterName ?? "";
            ErrorRecord = new ErrorRecord(this, errorId, category, null);
        }

        /// <summary>The fixed name of the failure.</summary>
        public string ErrorId { get; }

        /// <summary>The parameter.</summary>
        public string ParameterName { get; }

        /// <inheritdoc/>
        public override ErrorRecord ErrorRecord { get; }
    }

    /// <summary>A wildcard pattern that is none.</summary>
    /// <param name="message">What is wrong with it.</param>
    public class WildcardPatternException(string message) : RuntimeException(message);

    /// <summary>A path that leads nowhere.</summary>
    /// <param name="message">Which.</param>
    public class ItemNotFoundException(string message) : RuntimeException(message);

    /// <summary>A drive that does not exist, or is none of the file system.</summary>
    /// <param name="message">Which.</param>
    public class DriveNotFoundException(string message) : RuntimeException(message);

    /// <summary>-ErrorAction Stop made an end.</summary>
    /// <param name="record">The error.</param>
    public class ActionPreferenceStopException(ErrorRecord record) : RuntimeException(record.ToString(), record.Exception)
    {
        /// <inheritdoc/>
        public override ErrorRecord ErrorRecord { get; } = record;
    }
}

namespace System.Management.Automation.Host
{
    /// <summary>The host cannot do what was asked of it.</summary>
    /// <param name="message">What.</param>
    public class HostException(string message) : RuntimeException(message);
}
