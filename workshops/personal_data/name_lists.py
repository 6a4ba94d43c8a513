"""Words that help to guess whether a capital letter means a person. All in lower case, without accents."""


def word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES = word_set("mr mrs ms miss mx dr prof professor cllr councillor sir dame lady lord rev pc sgt sister")
# Who begins a sentence and does one of these is somebody, unless it is a plain subject.
SAYING = word_set("said says told tells asked asks rang phoned explained thought felt knew")
PLAIN_SUBJECTS = word_set(
    """
    he she they we you it who one two three four five six seven eight nine ten each some all both many most nobody noone anyone everyone everybody somebody someone
    staff people another others then that this there here which what colleague manager worker resident team mum
    dad neighbour
    """
)
# Names that are words as well count as names only with a capital letter.
ALSO_WORDS = word_set(
    """
    art bill bob carol dean dawn drew faith field frank gene grace grant guy hill hope iris ivy jack joy june kit
    lee long mark may miles olive park pat penny price read rich rob robin rose ruby rush stone sue summer victor
    violet wade ward west will wood woods young
    """
)
FIRST_NAMES = word_set(
    """
    aaron abdul abigail adam ahmed aisha alan alex alexander ali alice alison amanda amber amina amir amy andrea
    andrew angela ann anna anne anthony arthur ayesha barbara ben benjamin beth bob brenda brian callum carl carol
    caroline catherine charles charlie charlotte chloe chris christine christopher claire clare colin connor craig
    daniel darren dave david dawn deborah debbie denise derek diane donna dorothy edward eileen elaine elizabeth
    ellie emily emma eric ethan eve faisal farah fatima fiona florence frances fred gareth gary gemma geoff george
    gillian gordon graham grace hamza hannah harry hassan heather helen henry holly hussain ian ibrahim imran
    irene isaac jack jackie jacob jade jake james jamie jan jane janet jasmine jason jean jeff jennifer jenny jess
    jessica jill jim joan joanne joe john jonathan jordan joseph josh joshua joyce judith julia julian julie june
    karen kate katherine kathleen katie keith kelly ken kenneth kerry kevin khadija kim laura lauren leah leanne
    lee leo lesley lewis liam linda lisa liz lorraine louise lucy luke lynn maggie malcolm margaret maria marie
    marion mark martin mary maryam matthew maureen megan michael michelle mike mohamed mohammad mohammed molly
    muhammad nadia nasreen natalie nathan neil niamh nick nicola nigel noah norman oliver olivia oscar pamela
    patricia patrick paul pauline peter phil philip priya rachel raj rebecca richard rita robert robin roger
    ronald rosemary ross roy russell ruth ryan sally sam samantha samuel sandra sara sarah sean shabana shannon
    sharon sheila shirley simon sophie stacey stephanie stephen steve steven stuart sue susan suzanne sylvia tanya
    teresa terry thomas tim tina toby tom tony tracey tracy usman valerie vera victoria vincent wayne wendy
    william yasmin yusuf yvonne zahra zainab zara zoe
    """
)
# A capital letter, and no person: what public services write about.
NOT_NAMES = word_set(
    """
    i monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december christmas easter ramadan eid diwali passover lent hanukkah covid
    coronavirus brexit english british welsh scottish irish european polish romanian urdu punjabi bengali arabic
    somali kurdish farsi dutch german italian french spanish portuguese chinese ukrainian asian african black white muslim christian
    jewish hindu sikh catholic roma england scotland wales ireland britain europe london leeds liverpool
    birmingham sheffield newcastle bristol nottingham bradford glasgow edinburgh cardiff belfast lancashire
    cheshire yorkshire merseyside zoom teams facebook google excel word microsoft skype twitter instagram slack
    trello outlook sharepoint tesco asda aldi lidl sainsbury morrisons internet wi-fi bronze silver gold phase god
    government parliament north south east west northern southern eastern western greater frontline
    """
)
# With one of these in it, a run of capitals is a body, a building, a street or a scheme.
NOT_PEOPLE = word_set(
    """
    act academy agency alliance app association authority avenue bank board borough build business care centre
    charity church city close club college combined commission committee community company conference council
    court covenant credit crescent day department directorate disability district drive early education england
    family federation food foundation framework fund government green group grove hall health help high home homes
    hospital hotel house housing hub hubs kingdom lane learning library life list local lottery manchester mental
    ministry mission mosque network office officer park partnership plan plus police practice primary programme
    project public register road royal school service services social society square start station strategy street
    support sure system team trust underground union united university village voluntary ward week welfare well
    work works year young youth
    """
)
