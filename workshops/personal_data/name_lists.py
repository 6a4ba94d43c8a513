"""Words that help to guess whether a word is somebody's name. All in lower case, without accents."""

from workshops.personal_data.word_lists import word_set

TITLES = word_set(
    """
    mr mrs ms miss mx dr doctor prof professor cllr councillor sir dame lady lord rev reverend imam rabbi father canon pc sgt
    sergeant inspector constable judge sister nurse matron uncle aunt auntie aunty grandma nana granny
    """
)
# Titles that are so plain in small letters that a word after one is a name.
SMALL_TITLES = word_set("mr mrs ms dr cllr")
# Who begins a sentence and does one of these is somebody, unless it is a plain subject.
SAYING = word_set(
    """
    said says told tells asked asks rang phoned explained thought thinks felt knew knows drove drives cried laughed smiled
    nodded cooked brought texted emailed wrote lives lived arrived volunteered whispered shouted replied
    """
)
PLAIN_SUBJECTS = word_set(
    """
    he she they we you it who one two three four five six seven eight nine ten each some all both many most nobody noone anyone everyone everybody somebody someone
    staff people another others then that this there here which what colleague manager worker resident team mum
    dad neighbour probation highways police housing health licensing planning transport education everything nothing
    parents mothers fathers residents volunteers
    """
)
# Even of somebody who was in the room these are words in small letters.
EVERYDAY_WORDS = word_set(
    """
    art bill bob carol dean dawn drew faith field frank gene grace grant guy hill hope iris ivy jack joy june kit lee long
    mark may miles olive park pat penny price read rich rob robin rose ruby rush stone sue summer victor violet wade ward
    west will wood woods young
    """
)
# Names that are words as well count as names only with a capital letter, and at the start of a sentence only with more.
ALSO_WORDS = word_set(
    """
    abbey ace amber an angel april art ash august autumn basil bay bea bee bell bill blessing bliss blue bo bob bonny brandy
    bobby brook buddy can candy carol chance charity chase chuck clay clement cliff comfort constant cooper coral crystal daisy
    dale dawn dean destiny don drew duke duncan earl earnest faith fang fern field flora ford forest fox frank favour gay
    gene gift ginger glen goodness grace grant guy han happy harmony harper hazel heather heaven hill holly honey honour
    hope hunter innocent iris ivy jack jade jasmine jay jean jewel josh joy june junior justice ken kit lance lane laurel
    lee liberty lily long love major marina mark marshal mason max may melody mercy merit miles min mo myrtle nick norm
    olive opal pansy paris park parker pat patience peace pearl penny peter piper poppy precious prince princess promise
    prosper prudence queen ray rex rich river rob robin rock rod roman rose rosemary ruby rush rusty sage sally sandy
    ade ama bao dara dot eden fen feng ina jan jun kashmir len ling milan mona na ping raja ram shan shu sola stu thi thu
    tia tope uma una val yi ying serenity sherry skip sky song sonny star stone story storm success sue sultan summer sun sunday sunny teddy temperance
    trinity trust unity van victor victory violet wade wally ward warren west will willow winter wisdom wood woods wren young zion
    """
)
FIRST_NAMES = word_set(
    # British and Irish, English-speaking
    """
    aaron abbie abby abigail ada adam adele adrian agatha agnes aidan aiden aimee alan alana alastair albert alex alexa
    alexander alexandra alexis alf alfie alfred alice alicia alisha alison alistair allan allison alma amanda amber amelia
    amelie amy andrea andrew andy angela angie angus anita ann anna annabel anne annette annie anthony antony april archie
    arlene arnold arthur ashleigh ashley aubrey audrey austin ava avril barbara barney barry bea beatrice becca becky ben
    benjamin bernadette bernard bernice bernie bert bertha beryl bessie beth bethan bethany betty beverley bill billie billy
    blake bob bobbie bobby bonnie bradley brandon brenda brendan brett brian bridget bronwen bruce bryan bryn bryony caitlin
    caleb callum calum cameron candice cara carl carla carly carmel carmen carol carole caroline carolyn carrie carys
    cassandra cassie catherine cathy catriona cecil cecilia cedric celia cerys charlene charles charley charlie charlotte
    chelsea cheryl chloe chris chrissie christian christina christine christopher ciara ciaran cilla cindy claire clara
    clare clarence clarissa claude claudia clifford clive colette colin colleen collette conor connie connor constance
    cora cordelia corinne courtney craig crispin curtis cynthia cyril daisy damian damien damon dan daniel danielle danny
    daphne darcy darren darryl dave david davina davy dawn dean deanna debbie deborah debra declan deidre deirdre delia
    delroy delyth denis denise dennis derek dermot derrick desmond dewi diana diane dilys dion dolly dolores dominic don
    donal donald donna doreen doris dorothy dot doug dougal douglas duncan dylan eamonn earl eddie edgar edie edith edmund
    edna edward edwin eileen eilidh eira elaine eleanor elena elijah elin elinor eliot eliza elizabeth ella ellen ellie
    elliot elliott elmer eloise elsa elsie elspeth eluned elwyn emily emlyn emma emmanuel eric erica erin ernest ernie errol
    esme esmeralda estelle esther ethan ethel eugene eunice eva evan eve evelyn evie ewan fay faye felicity felix fergal
    fergus finlay finley finn fiona fionnuala flo florence floyd fran frances francesca francis frank frankie fraser fred
    freda freddie freddy frederick freya gabriel gabriella gail gareth garfield garry gary gavin gaynor gemma geoff geoffrey
    george georgia georgie georgina gerald geraldine gerard germaine gerry gilbert giles gill gillian gina gladys glenda
    glenn glenys gloria glyn glynis gordon grace graeme graham grainne greg gregory greta gwen gwenda gwendoline gwilym
    gwyneth hamish hannah harold harriet harrison harry hayden hayley hazel heather hector heidi helen helena henrietta
    henry herbert hilary hilda hollie holly horace howard hubert hugh hugo humphrey hywel iain ian idris ifan imogen ina
    ingrid iolo iona ira irene iris irvine isaac isabel isabella isabelle isla isobel issac ivan ivor ivy izzy jack jackie
    jacky jacob jacqueline jacqui jade jaime jake james jamie jan jane janet janette janice janine jared jasmin jasmine
    jason jean jeanette jeff jeffrey jemima jemma jen jenna jennifer jenny jeremy jermaine jerome jerry jess jesse jessica
    jessie jill jim jimmy jo joan joann joanna joanne jocelyn jodie joe joel joey johanna john johnny jon jonathan jonny
    jordan joseph josephine josh joshua josie joy joyce juanita judith judy julia julian julie juliet june justin justine
    kaitlin karen karl kat kate katherine kathleen kathryn kathy katie katy katya kay kayleigh keeley keely keiran keith
    kelly kelvin ken kendra kenneth kenny kerry kevin kieran kiera kim kimberley kirsten kirsty kurt kyle kylie lacey
    lachlan lana lance lara laura lauren laurence laurie lawrence leah leanne lee leeanne leigh len lena lenny leo leon
    leona leonard leroy lesley leslie lewis lexi liam libby lila lilian lillian lily linda lindsay lindsey linton lionel
    lisa liz liza lizzie llew llinos lloyd lois lola lorna lorraine lottie lou louis louisa louise luca lucas lucia lucinda
    lucy luke luther lydia lyn lynda lyndsey lynn lynne lynsey mabel mable madeleine madison maeve maggie mairead maisie
    malcolm mandy manny marc marcia marcus margaret margery margot maria marian marianne marie marilyn marina marion marjorie
    mark marlene marlon marsha martha martin martyn marvin mary mathew matilda matt matthew maud maureen maurice mavis maxine
    meg megan meghan mel melanie melinda melissa melvin melvyn mercedes merle mervyn mia michael michaela michelle mick
    mickey mike mikey mildred millicent millie milly miranda miriam moira mollie molly mona monica montgomery morag morgan
    moses muriel myfanwy myra nadine nan nancy naomi natalia natalie natasha nathan nathaniel neil nell nellie nelson nerys
    neville niall niamh nichola nicholas nicki nicky nicola nicole nicolette nigel nikki nina noah noel nora norah noreen
    norma norman odette olga oliver olivia ollie olwen oona orla oscar osian oswald owain owen paddy padraig paige pam pamela
    patricia patrick patsy paul paula pauline peggy penelope percy perry pete peter petra phil philip philippa phillip
    philomena phoebe phyllis pippa polly priscilla queenie quentin rachael rachel ralph ramona raquel raymond rebecca reece
    reggie reginald rene renee rhian rhiannon rhoda rhona rhys ricardo richard rick ricky riley rita rob robbie robert
    roberta robin robyn roderick rodney roger roland ron ronald ronan ronnie rory rosa rosaleen rosalie rosalind rosamund
    rosanna roseanne rosemary rosie rosina ross rowan rowena roxanne roy ruby rufus rupert russ russell ruth ryan sabrina
    sadie sally sam samantha sammy samuel sandra sandy saoirse sara sarah sasha saul scarlett scott sean seamus sebastian
    selina shane shania shanice shannon sharon shaun shauna shay sheena sheila shelley sheridan sherri shirley sian sid
    sidney sienna silvia simon simone sinead siobhan sioned sonia sonya sophia sophie stacey stacy stan stanley stefan stella
    steph stephanie stephen steve steven stevie stewart stu stuart sue susan susanna susannah susie suzanne suzie sybil
    sydney sylvester sylvia tabitha tamara tamsin tania tanya tara tasha ted tegan terence teresa terri terry tess tessa
    thea thelma theo theodore theresa therese thomas tia tilly tim timothy tina toby todd tom tommy toni tony tracey tracy
    travis trevor tricia trish tristan trudy tyler tyrone ulrika una ursula val valerie vanessa vera verity vernon veronica
    vic vicki vicky victoria vikki vince vincent viola violet virginia vivian vivien vivienne wallace walter wanda warren
    wayne wendy wilfred wilhelmina will william willie wilma winifred winnie winsome winston yolanda yvette yvonne zachary
    zack zak zara zena zoe zola
    """
    # Muslim names, as written by people of South Asian, Arab, Turkish, Iranian, Afghan and Somali descent
    """
    aaliyah aamir abbas abdi abdirahman abdirizak abdul abdulkadir abdullah abdullahi abdulrahman abid abshir abu adeel adil
    adnan afzal ahmad ahmed aida aisha aishah ajmal akbar akram ali alia alina aliya aliyah amal aman amani amar ameer amin
    amina aminah amir amira amjad amna amran anas aneesa anila anisa anjum anwar aqib aqsa arif arshad arooj asad asha ashraf
    asif asim asiya asma atif awais ayaan ayan ayesha ayman ayse aziz azra babar bashir batool bilal bilqis burhan bushra
    cagla cumar dahir dalia daniyal danish dawood deeqa ebrahim ehsan elif emine emre eman erkan ermias esra fadi fadumo fahad
    fahim fahmida faisal faiz faiza fakhra farah fardowsa fareeda farhad farhan farhana fariha farida farooq farrah farzana
    fatema fathi fatih fatima fatimah fatou fatuma fawad fawzia faysal feroz fiaz firdaus fouzia ghazala ghulam habib habiba
    hadi hadiya hafsa haider hajra hakim hala haleema halima hamid hamida hamza hamzah hana hanad hanan haroon hasan hashim
    hassan hawa hayat hibaaq hibo hina hodan hoda huda humaira humayun hussain hussein ibrahim ibrar idil idrees ifrah
    iftikhar ikram ilhan ilyas imaan iman imran imtiaz inaya iqbal iqra irfan irum ishaq ismail ismat issa jabeen jabir jahan
    jahangir jalal jama jamal jamila jamilah jannat javed javid junaid kadir kadra kaleem kalsoom kamal kamila kamran karim
    kashif kausar kawsar khadar khadija khadijah khadra khalid khalida khalil khawla kubra laila latif latifa layla leila
    lubna madiha maha mahad maham mahbub mahdi mahmood mahmoud majid malik malika maliha mansoor mansur mariam mariyam marwa
    maryam maryan masood maymuna mehmet mehmood mehreen mehwish meryem misbah mohamad mohamed mohamud mohammad mohammed
    mohsin moin mona muhammad muhammed muhsin mumtaz muna munira murad murtaza musa mushtaq mustafa muzammil nabeel nabila
    nadeem nadia nadira naeem nafisa naheed nahid naila naima najma nargis nashwa nasim nasima nasir nasra nasreen nasrin
    naveed nawal nawaz nazia nazir nazma nazmin neelam nimco nimo nighat noor noreen nosheen nura nurul nusrat omar omer
    osama osman parveen parvez qamar qasim raed rafiq rahim rahima rahma rahman raheem raheela rana rania rashid rashida
    razia raza rehan rehana rehman reza rida riaz riyad rizwan rizwana robina romana rozina rubina rukhsana ruqaya rumana
    saad saadia sabah sabeen sabir sabira sabiha sabina sabrin sadaf sadia safa safia safiya sagal sahar sahra saida
    saif saima saira sajid sajida sakina salah salim salima salma salman saman samar sameena sameer samia samina samir samira
    samiya sana saqib sarfraz seema selim selma shabana shabir shabnam shafiq shagufta shah shahana shahbaz shahed shahid
    shahida shahin shahnaz shahzad shaista shakeel shakila shakir shamim shamima shamsa sharif shazia sheeba sherin shireen
    shoaib shukri siddiq sidra sofia sohail subhan suhail sulaiman suleiman sultana sumaiya sumaya sumera summayah syed
    tabassum tahir tahira tahmina talha talib tanveer tanvir tanzila tariq taslima tasneem tasnim tayyab tayyaba tehmina
    ubah umair umar umer usama usman uzma wafa wahid waleed walid waqar waqas warsan wasim yahya yalda yaqub yasin yasir
    yasmeen yasmin yasmine yonis younis yousef youssef yunus yusra yusuf zaheer zahid zahida zahir zahra zaid zain zainab
    zaki zakir zakariya zara zarina zaynab zeeshan zeinab zeynep zia zubair zubaida zulfiqar zunaira
    """
    # Hindu, Sikh and Tamil
    """
    aarav aarti abhishek aditi aditya ajay ajit akash amandeep amarjit ambika amit amita amrit amrita anand ananya anil
    anish anita anjali ankit anoop anuradha aparna archana arjun arun aruna arvind asha ashok ashwin avinash avtar balbir
    baldev baljinder baljit balvinder balwinder bhavesh bhavna bhupinder chandra chetan daljit darshan davinder deepa deepak
    deepika devi dharmesh dhruv dilip dimple dinesh dipika divya gagandeep ganesh gaurav gauri geeta girish gita gopal
    gurdeep gurdip gurjit gurmeet gurmit gurpreet gursharan gurvinder harbhajan hardeep hardip harinder harish harjinder
    harjit harjot harminder harmeet harpreet harsh harsha harvinder hema hemant hetal himanshu indira inderjit jagdeep
    jagdish jagjit jagtar jasbir jasdeep jaspal jaspreet jasvinder jaswinder jaya jayant jayesh jeevan jignesh jitendra
    joginder jyoti kajal kalpana kamal kamala kamaljit kanta karan karamjit kashmir kavita ketan kiran kirandeep kirpal
    kishan komal krishna kulbir kuldeep kuldip kulwant kulwinder kumar lakhbir lakshmi lalita latha leela lakhvir madhav
    madhu mahesh malkit mandeep mandip maninder manish manisha manjeet manjinder manjit manju manoj manpreet meena meera
    mehul minal mohan mohinder mukesh nalini namrata nandini narendra narinder nayan neelam neeraj neeta neha nikhil nilesh
    nirmal nisha nishant nita nitin padma palvinder paramjit parminder parmjit parul parvati pawan piyush pooja poonam prabha
    pradeep prakash pramod pranav prasad prashant pratik pravin preeti prem priti priya priyanka puja punam purnima radha
    raghav rahul raj raja rajan rajesh rajinder rajiv rajni rajpal raju rakesh ram raman ramesh ranbir ranjit rashmi ravi
    ravinder reena rekha renu resham rina rishi ritu rohan rohit roopa ruchi rupa rupinder sachin sandeep sangeeta sanjay
    sanjeev santosh sapna saraswati sarbjit sarita satish satnam satvinder saurabh savita seema shalini shankar shanti sharda
    sheetal shilpa shiv shobha shreya shruti shweta simran simranjit sita smita sneha sonal sudha suhani sukhbir sukhdev
    sukhjit sukhvinder sukhwinder sukhpreet sumit sunil sunita surendra surinder suresh surjit sushila swati tarlochan
    tarun tarsem tejal tejinder trilok uday uma umesh urmila usha vaishali varinder varsha vidya vijay vikas vikram vimal
    vinay vineet vinod vipul viraj vishal yash yogesh yogita
    """
    # Nigerian, Ghanaian and other African, Caribbean
    """
    abena abimbola abiodun abosede ade adaeze adaobi adebayo adebola adedayo adeola aderonke adesua adetola adewale adjoa
    afia afua ama amaka amara amarachi akosua akua akwasi aniekan anuoluwa aniefiok ayo ayodele ayodeji ayomide ayotunde
    azubuike babatunde bamidele bolaji bolanle bukola busola chiamaka chibuike chibuzo chichi chidi chidiebere chidimma
    chidinma chiedozie chigozie chika chike chima chimamanda chinedu chinelo chinenye chinonso chinwe chinyere chioma
    chizoba chuka chukwudi chukwuemeka chukwuma damilola dayo denzil desta ebele ebere ebony edem efe efua ekow emeka emmanuella
    enitan enyinnaya esi esther eyitayo ezinne fela femi fikayo fola folake folasade folashade funke funmi funmilayo
    gbenga gifty girmay hailu haben ife ifeanyi ifeoma ifeyinwa ige ikechukwu ikenna ibidun idowu ijeoma iniobong isioma itunu
    jide jumoke kayode kehinde kelechi kemi kofi kojo kolade kunle kwabena kwadwo kwaku kwame kwasi kwesi lanre lola
    luwam makeda mekdes mfon modupe mojisola mulu nkechi nkem nneka nnamdi nonso ngozi obi obinna ogechi okechukwu
    olabisi oladele olaide olajumoke olakunle olamide olanrewaju olatunji olayinka olu olubunmi olufemi olufunke olukemi
    oluchi olumide oluseun olusegun olusola oluwadamilola oluwafemi oluwakemi oluwaseun oluwaseyi oluwatobi oluwatosin
    omolara onyeka onyinye osagie osaro oyin oyinkan remi rotimi sade samson segun selam seun seyi shola simisola sola
    solomon tafadzwa taiwo tamika tayo tekle temi temitope tendai tendayi themba thandi thandiwe tinashe titilayo tobi tobenna
    tola tolu toluwani tope tosin tunde tsehay uche uchechukwu uchenna udo ugo ugochi uzoma wale wangari wanjiku wambui yaa
    yaw yemi yetunde yewande zainabu zodwa
    """
    # Polish, Romanian, Ukrainian, Baltic and other European
    """
    adela adrianna agata agnieszka alicja alina aleksander aleksandr aleksandra aleksy alessandro alin anastasia anastasiya
    anatol anca andreea andrei andrej andriy andrzej aneta anica antonio antoni arkadiusz artem artur barbora bartek bartosz
    beata birgit bogdan boguslaw bohdan boris bozena bozhena branislav bronislaw camelia carlos catalin celina cezary claudiu
    constantin corina cosmin costel crina cristian cristina czeslaw damir danuta daria dariusz darya dawid denisa dima dimitri
    dimitris diogo dmitri dmytro dominik dominika dorota dragos dumitru edyta ekaterina elzbieta emil emilia ewa ewelina fabio
    felicja fernando filip florin franciszek gabor gabriela galina georgeta georgi gheorghe giorgio giovanni giulia giuseppe
    grazyna grzegorz guillermo gunther halina halyna hanna hans helga henryk horia igor ileana ilie ilona inga ioana ionel
    ionut irena irina iryna iveta iwona jacek jadwiga jakub jana janina janusz jaroslav jaroslaw javier jerzy joao joanna joao
    jolanta jorge jose jozef jozsef juan juliusz justyna kacper kamil karina karol karolina kasia katarina katarzyna kateryna
    kazimierz klaudia klaus konrad krystyna krzysztof ksenia larysa laszlo lech leszek lidia liliana liviu ljubica lorenzo luca
    lucian lucyna ludmila ludwik luis lukasz lyudmila maciej magda magdalena maksym malgorzata manuel marcel marcin marek
    margarita mariana marianna mario mariusz mariya marko marta marzena mateusz matteo mihaela mihai mihail mikhail milan
    milena milos miroslav miroslaw miguel mircea mykola mykhailo nadezhda nadiya natalya nataliya nicolae nicoleta nikola
    nikolai nikolay oana octavian oksana oleg oleh oleksandr oleksiy olena olha ondrej orest otilia ovidiu pablo paola patrycja
    paulina paulo pavel pavlo pawel pedro petar petro petru piotr pietro przemyslaw radoslaw radu rafal raluca razvan renata
    roksana romana roman ruslan ruta ryszard sandor sebastian sergei sergey serhiy sergiu silviu simona slawomir sorin stanislaw
    stefania stefano sven svetlana svitlana sylwia szymon tadeusz tamas tatiana tatyana tetiana tomas tomasz traian tudor urszula
    vadim vaclav valentina valentyna vasile vasyl vesna viktor viktoria viktoriya violeta violetta viorel virgil vitalii vlad
    vladimir volodymyr waldemar weronika wieslaw wiktor wiktoria witold wladyslaw wojciech yana yaroslav yelena yulia yuliya yuri
    yuriy zbigniew zdzislaw zofia zoltan zuzana zygmunt
    """
    # Chinese, Vietnamese and other East Asian, as far as they are no English words
    """
    bao chen cheng chun fen feng guo haoran hao hiroshi hua hui huan jia jiahui jian jiawei jie jin jing jun junjie kenji
    lei lian lien lihua lijuan lin ling linh mei meiling ming minh ngoc nguyen nhung phuong ping qi qiang qing rui
    shan shu siu suyin thanh thao thi thu thuy tran trang trinh tuan wei wen xia xiao xiaohong xiaoming xiaoyan xin xinyi xiu
    xue yan yang yi ying yuki yuan yue yun zhang zhen zhi zhiwei zihan
    """
    # Other
    """
    amaia amina aram arash aryan avi azad bahar behrouz biniam cihan dara darius dana daud eden farid fereshteh freweini
    ghada golnaz hadas haifa hevin hiwa jiyan kaveh kourosh layal leyla mahsa marwan mehdi milad mehrdad mina nahom nasrin
    navid nazanin nermin parisa rawan rebin robel roj rojin rozhin saba saeed samer semhar shadi shahram shirin soran tarek
    tesfay yonas yosef zelal zinar
    """
)
# After a capital letter, in small ones, these show that it stands for a building or a body: “the Alexandra team”.
PLACE_NOUNS = word_set(
    """
    building team teams ward surgery estate park clinic hospital school centre unit hotel hub road street site campus hall
    church mosque temple library college university office offices council festival scheme programme project model app
    system software form framework guidance act review report fund grant method approach effect party league cup
    bus tram train station area side end borough town village district fire inquiry van drive car
    """
)
SURNAMES = word_set(
    """
    abbott abdi adams adamson adeyemi afolabi agarwal ahern ainsworth akhtar akinola alam allen anderson andrews appiah
    armitage armstrong arshad ashton ashworth aslam asante atkins atkinson azam bailey bajwa balogun bangura banks bannister
    barlow barnes barrett bates baxter beaumont beckett begum bello bennett berry bhatt bhatti bibi birch blackburn boateng
    bradshaw brady brennan briggs brierley broadbent brookes brooks brown browne buckley burke burns butler butterworth byrne
    campbell carr carroll carter chadwick chan chapman chatterjee chaudhary chaudhry cheung chopra choudhury chowdhury
    christie clarke clayton clegg collins connolly cooke cooper cox crabtree crawford crossley cunningham curran daly
    darlington das davidson davies davis dawson dempsey desai dhillon diallo dixon docherty doherty donnelly donovan doyle
    driscoll duffy dunne edwards egan ellis entwistle evans eze farrell fernandes fielding finch fitzgerald fitzpatrick fletcher flynn
    foster fowler gallagher gardner garcia ghosh gibson gill gilmore goddard gomez gonzalez goodwin greenhalgh greenwood
    grewal griffin griffiths grimshaw gupta hall halliwell hamilton hanif hargreaves harris harrison hartley harvey hayes
    haworth henderson heywood higgins hirst hodgson hogan holden holroyd holt horrocks howarth hughes hussain hutchinson
    ibrahim iqbal islam jackson jacobs jain jenkins jennings johal johnson johnston jones joshi kamara kang kapoor kaur kavanagh
    kaye kelly kennedy kenny kershaw khalid khan khanna khatun kowalczyk kowalska kowalski kumar kuznetsov lawson leach lawal
    leung lewandowska lewandowski lloyd lomax lynch macdonald mackenzie magee mahmood malik mann marsden marshall martinez
    mason massey matthews mbeki mccarthy mcdonald mcgrath mcgregor mckenna mckenzie mclaughlin mehta mensah metcalfe miah
    mills miller milne mistry mitchell mohamud moore moran morgan morris morrison moss mukherjee murphy murray musa nair nash
    nawaz newton ng nguyen nicholson nolan nowak nwachukwu nwosu obi oconnor odonnell okafor okeke okeeffe okoro okonkwo olsen
    oneill osei osullivan oyelaran owens owusu parmar parsons partington patel patil pearce pearson pereira perera perkins
    phillips pickering pilkington platt pollard popescu powell pritchard prosser qureshi radcliffe rahman ramsbottom rana rao
    rashid reddy rees reynolds rhodes riaz richardson roberts robertson robinson rodrigues rogers rowe saeed sadiq saleem
    sandhu santos schofield shah shaikh sharma shaw sheikh shepherd sheridan siddique sidhu silva simpson singh singleton
    smith spencer stevens stevenson stewart stubbs sutcliffe suleman sullivan sultana swift tariq taylor thakur thomson
    thompson thorpe thornley townsend tran tully turner uddin ullah usman varma vaughan verma wadsworth walker wallace walsh
    walters warburton watkins watson webster whelan whitehead whittaker whittle wilkinson williams williamson wilson wojcik
    wolstenholme wong woodward wright wu xu yates yeung yilmaz zaman zhao zhou ziolkowski
    """
)
# Between the parts of one name, in small letters.
PARTICLES = word_set("ap ab ferch bin bint ibn al el de da dos du van von der den la le y ni nic o")
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
    monday's mon tue tues wed thu thurs fri sat sun jan feb mar apr jun jul aug sept sep oct nov dec
    room number ward section form page table phase round year part question item level tier version figure annex unit floor
    zone band grade step stage session day week covid-19 lockdown brexit wifi
    pakistani indian bangladeshi nigerian ghanaian jamaican caribbean kenyan ethiopian eritrean sudanese zimbabwean gambian
    syrian iraqi iranian afghan turkish kosovan albanian bulgarian hungarian slovak czech latvian lithuanian estonian russian
    portuguese brazilian american canadian australian vietnamese japanese korean thai filipino malaysian tamil hindi gujarati
    pashto dari tigrinya amharic swahili yoruba igbo hausa twi cantonese mandarin mirpuri sylheti latin greek gaelic cornish
    scots scot swiss swedish danish norwegian finnish belgian austrian egyptian moroccan algerian libyan palestinian israeli
    gypsy traveller travellers jew jews muslims christians hindus sikhs islam islamic christianity judaism hinduism buddhist
    buddhism catholics protestant protestants quaker quakers methodist methodists baptist anglican evangelical pentecostal
    orthodox sunni shia jehovah bible quran koran
    pakistan india bangladesh nigeria ghana jamaica kenya ethiopia eritrea sudan zimbabwe gambia syria iraq iran afghanistan
    turkey kosovo albania bulgaria hungary slovakia latvia lithuania estonia russia portugal brazil america canada australia
    vietnam japan korea thailand philippines malaysia poland romania somalia ukraine france germany italy spain holland
    netherlands belgium sweden denmark norway finland greece egypt morocco libya palestine israel china africa asia usa
    preston blackpool burnley derby leicester coventry hull york durham sunderland middlesbrough wolverhampton stoke norwich
    oxford cambridge brighton southampton portsmouth plymouth exeter bath swansea newport wrexham dundee aberdeen inverness
    derry cumbria northumberland devon cornwall kent essex surrey sussex norfolk suffolk hampshire dorset somerset
    uk eu nhs dwp gp gps
    android iphone ipad kindle whatsapp tiktok youtube snapchat linkedin netflix amazon ebay uber deliveroo alexa siri skype
    webex eventbrite mentimeter miro padlet powerpoint windows apple samsung ford vauxhall volvo astra corsa transit fiesta
    morrison greggs boots argos primark ikea aldi costa nandos mcdonalds wetherspoons specsavers screwfix
    unison unite gmb nasuwt neu rcn union unions witness witnesses strangeways hmp
    labour tory tories conservative conservatives lib dem dems libdem ukip brexiteer
    mayor chief executive director head lead chair minister prime secretary treasurer king queen prince princess
    salvation army cross samaritans barnardo's barnardos mencap scope shelter shelters crisis mind rotary
    santa father mother grandad grandma nan nana dad mum daddy mummy sir madam
    """
)
# With one of these in it, a run of capitals is a body, a building, a street or a scheme.
NOT_PEOPLE = word_set(
    """
    st saint act academy agency alliance app association authority avenue bank board borough build business care centre
    charity church city close club college combined commission committee community company conference council
    court covenant credit crescent day department directorate disability district drive early education england
    family federation food foundation framework fund government green group grove hall health help high home homes
    hospital hotel house housing hub hubs kingdom lane learning library life list local lottery manchester mental
    ministry mission mosque network office officer park partnership plan plus police practice primary programme
    project public register road royal school service services social society square start station strategy street
    support sure system team trust underground union united university village voluntary ward week welfare well
    work works year young youth children's children centres centre's services boards beginnings sparks bureau citizens advice institute
    hostel lodge nursery surgery clinic estate road tower towers court chambers arms inn tavern theatre cinema museum gallery
    stadium arena market arcade library canal river valley moor meadows fields gardens museum airport junction fc united
    festival appeal campaign report review inquiry strategy policy guidance regulations bill standards
    """
)
