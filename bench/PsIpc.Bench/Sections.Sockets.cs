namespace PsIpc.Bench;

/// <summary>What a stream socket carries.</summary>
internal sealed partial class Sections
{
    private void Sockets()
    {
        const int block = 65536;
        const int blocks = 4000;
        using (Race race = new(this, $"Stream socket, {blocks} blocks of 64 KiB to another thread, per block", "µs", 1e3 * blocks))
        {
            race.Enter(C, StartC, NoGcc);
            race.Enter(Native, StartNative, "");
            race.Run(peer => peer.Ask($"flow-socket {block} {blocks}")[0]);
            race.Compare(Native, C, 1.1);
            race.Report();
        }

        const int messages = 20_000;
        using Race small = new(this, "Stream socket, send + receive of 64 bytes, batches of 100, per message", "µs", 1e3 * messages);
        small.Enter(C, StartC, NoGcc);
        small.Enter(Native, StartNative, "");
        small.Run(peer => peer.Ask($"batch-socket 64 {messages}")[0]);
        small.Compare(Native, C);
        small.Report();
    }
}
