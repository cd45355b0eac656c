using System.Management.Automation.Host;

namespace UserSession.TestHost.Runner;

/// <summary>A screen that has a width and nothing else.</summary>
internal sealed class Screen(int width) : PSHostRawUserInterface
{
    public override Size BufferSize { get; set; } = new(width, 3000);
    public override Size WindowSize { get; set; } = new(width, 50);
    public override Size MaxWindowSize => WindowSize;
    public override Size MaxPhysicalWindowSize => WindowSize;
    public override Coordinates CursorPosition { get; set; }
    public override Coordinates WindowPosition { get; set; }
    public override int CursorSize { get; set; } = 25;
    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;
    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;
    public override string WindowTitle { get; set; } = "";
    public override bool KeyAvailable => false;

    public override void FlushInputBuffer() { }
    public override KeyInfo ReadKey(ReadKeyOptions options) => throw new HostException("There is no keyboard.");
    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw new HostException("There is no buffer to read.");
    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) { }
    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) { }
    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) { }
}
