using System.Text;

namespace PsIpc;

/// <summary>A message as it was received: its bytes, and the text they stand for.</summary>
public abstract class IpcMessage : Columns.IMessage
{
    private readonly Encoding _encoding;
    private string? _text;

    private protected IpcMessage(byte[] bytes, Encoding encoding)
    {
        Bytes = bytes;
        _encoding = encoding;
    }

    /// <summary>
    /// The message as text: decoded when first asked for, up to the first NUL, where a C string ends. Characters that
    /// are wider than a byte by the encoding (UTF-16, UTF-32) end at a NUL character.
    /// </summary>
    public string Text => _text ??= MessageText.Decode(Bytes, _encoding);

    /// <summary>How many bytes it has.</summary>
    public int Length => Bytes.Length;

    /// <summary>All its bytes.</summary>
    public byte[] Bytes { get; }

    string Columns.IMessage.TextLine => Visible.LineOf(Text);

    /// <summary>The text, with U+FFFD where it is none.</summary>
    public override string ToString()
    {
        try
        {
            return Text;
        }
        catch (DecoderFallbackException)
        {
            return MessageText.Show(Bytes, _encoding);
        }
    }
}
