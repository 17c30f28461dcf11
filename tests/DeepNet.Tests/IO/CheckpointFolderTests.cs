using DeepNet.IO;
using DeepNet.Nn;

namespace DeepNet.Tests.IO;

public sealed class CheckpointFolderTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly Checkpoint checkpoint = new() { Model = new Linear(2, 2) };

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_last_and_the_best_are_kept()
    {
        var files = new CheckpointFolder(folder["run"], keep: 2);
        Assert.False(files.TryLoadLatest(checkpoint));
        Assert.False(files.TryLoadBest(checkpoint));
        double?[] losses = [5, 2, double.NaN, 3, null, 2, 4];
        for (int i = 0; i < losses.Length; i++) Save(files, i + 1, losses[i]);
        Assert.Equal(["checkpoint-000002-step-2", "checkpoint-000006-step-6", "checkpoint-000007-step-7"], files.Files.Select(Path.GetFileNameWithoutExtension));

        // Another process knows the same: the files say it all.
        var later = new CheckpointFolder(folder["run"], keep: 2);
        Assert.True(later.TryLoadBest(checkpoint));
        Assert.Equal(2, checkpoint.Step);
        Assert.True(later.TryLoadLatest(checkpoint));
        Assert.Equal(7, checkpoint.Step);
        Save(later, 8, 1);
        Assert.Equal([7L, 8], Steps(later));
    }

    [Fact]
    public void A_run_that_goes_back_to_an_earlier_step_goes_on_from_there()
    {
        var files = new CheckpointFolder(folder["run"], keep: 2, maximize: true);
        foreach (int step in new[] { 10, 20, 30 }) Save(files, step, step == 10 ? 0.9 : 0.5);
        files.TryLoadBest(checkpoint);
        Save(files, checkpoint.Step + 5, 0.6);
        Assert.Equal([10L, 30, 15], Steps(files));
        Assert.True(new CheckpointFolder(folder["run"]).TryLoadLatest(checkpoint));
        Assert.Equal(15, checkpoint.Step);
    }

    [Fact]
    public void Files_of_others_are_left_alone()
    {
        Directory.CreateDirectory(folder["run"]);
        string[] others = ["checkpoint-best.safetensors", "checkpoint-1-step-1.txt", "notes.safetensors"];
        foreach (string other in others) File.WriteAllText(Path.Combine(folder["run"], other), "mine");
        var files = new CheckpointFolder(folder["run"], keep: 1);
        for (int i = 0; i < 4; i++) Save(files, i, null);
        Assert.Single(files.Files);
        Assert.Null(files.Best);
        Assert.All(others, other => Assert.Equal("mine", File.ReadAllText(Path.Combine(folder["run"], other))));
    }

    private void Save(CheckpointFolder files, long step, double? measure)
    {
        checkpoint.Step = step;
        Assert.Equal(files.Save(checkpoint, measure), files.Latest);
    }

    private static IEnumerable<long> Steps(CheckpointFolder files)
        => files.Files.Select(f => long.Parse(Path.GetFileNameWithoutExtension(f).Split('-')[^1], System.Globalization.CultureInfo.InvariantCulture));
}
