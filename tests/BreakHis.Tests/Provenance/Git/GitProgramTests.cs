using BreakHis.Processes;
using BreakHis.Provenance.Git;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Provenance.Git;

/// <summary>Git hooks set variables that would point git to another repository or index.</summary>
[Collection(nameof(ProcessEnvironment))]
public sealed class GitProgramTests
{
    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void Variables_of_a_hook_are_ignored_and_the_given_index_is_used()
    {
        using var repository = new GitRepository();
        using var elsewhere = new TemporaryFolder();
        string[] variables =
        [
            "GIT_DIR",
            "GIT_WORK_TREE",
            "GIT_INDEX_FILE",
            "GIT_OBJECT_DIRECTORY",
            "GIT_COMMON_DIR",
            "GIT_PREFIX",
        ];
        string Git(string? index, params string[] arguments)
        {
            ProgramResult result = GitProgram.Run(repository.Path, null, index, arguments)!;
            Assert.True(result.Done, result.Error);
            return result.Output.Trim();
        }

        try
        {
            foreach (string variable in variables)
            {
                Environment.SetEnvironmentVariable(variable, elsewhere.Path);
            }

            Assert.Equal(".git/index", Git(null, "rev-parse", "--git-path", "index"));
            Assert.Equal(".git/objects", Git(null, "rev-parse", "--git-path", "objects"));
            Assert.Equal("true", Git(null, "rev-parse", "--is-inside-work-tree"));
            Assert.Equal(elsewhere["other"], Git(elsewhere["other"], "rev-parse", "--git-path", "index"));
        }
        finally
        {
            foreach (string variable in variables)
            {
                Environment.SetEnvironmentVariable(variable, null);
            }
        }
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void Input_reaches_git_and_its_errors_are_one_line()
    {
        using var repository = new GitRepository();

        // The hash of the blob "größe\n", computed with git hash-object.
        ProgramResult hashed = GitProgram.Run(repository.Path, "größe\n", null, "hash-object", "--stdin")!;
        ProgramResult failed = GitProgram.Run(repository.Path, null, null, "rev-parse", "--verify", "missing")!;

        Assert.Equal("47e983f499a28fd6b21e7e5babc0c91d9e4ba9ee", hashed.Output.Trim());
        Assert.False(failed.Done);
        Assert.StartsWith("fatal: ", failed.Says(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failed.Says());
    }
}

/// <summary>Tests that change the environment of this process run on their own.</summary>
[CollectionDefinition(nameof(ProcessEnvironment), DisableParallelization = true)]
public sealed class ProcessEnvironment;
