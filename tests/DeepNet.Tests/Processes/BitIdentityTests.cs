namespace DeepNet.Tests.Processes;

/// <summary>Results do not depend on the number of threads, to the last bit.</summary>
public class BitIdentityTests
{
    private const string FileVariable = "DEEPNET_TEST_FINGERPRINTS";

    [Fact]
    public void Results_are_the_same_for_1_2_3_and_5_threads_of_one_process()
    {
        int before = CpuDevice.Threads;
        try
        {
            CpuDevice.Threads = 1;
            string[] one = Fingerprints.All();
            foreach (int threads in new[] { 2, 3, 5 })
            {
                CpuDevice.Threads = threads;
                Assert.Equal(one, Fingerprints.All());
            }
        }
        finally
        {
            CpuDevice.Threads = before;
        }
    }

    [MatrixFact]
    [Trait(ChildProcess.Trait, ChildProcess.Children)]
    public async Task Results_are_the_same_in_processes_of_1_and_2_threads()
    {
        string[] files = [Path.GetTempFileName(), Path.GetTempFileName()];
        try
        {
            for (int i = 0; i < files.Length; i++)
                await ChildProcess.Test(
                    $"FullyQualifiedName~{nameof(Writes_the_fingerprints_if_asked)}", ("DEEPNET_THREADS", $"{i + 1}"),
                    (FileVariable, files[i]));
            string[] one = await File.ReadAllLinesAsync(files[0]);
            Assert.NotEmpty(one);
            Assert.Equal("1 threads", one[0]);
            string[] two = await File.ReadAllLinesAsync(files[1]);
            Assert.Equal("2 threads", two[0]);
            Assert.Equal(one[1..], two[1..]);
        }
        finally
        {
            foreach (string file in files) File.Delete(file);
        }
    }

    [Fact]
    public void Writes_the_fingerprints_if_asked()
    {
        if (Environment.GetEnvironmentVariable(FileVariable) is { } file)
            File.WriteAllLines(file, [$"{CpuDevice.Threads} threads", .. Fingerprints.All()]);
    }
}
